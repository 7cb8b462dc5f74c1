import type { Command } from '../../ocpp16/command.ts';
import { costUpdated } from '../tariffs/cost-updated.ts';
import { tariffCommands } from '../tariffs/index.ts';
import type { Context } from './context.ts';
import { driverWords } from './driver-words.ts';
import { customerInformation } from '../customer/customer-information.ts';
import { monitoring } from '../monitoring/index.ts';
import { plugAndCharge } from '../plug-and-charge/plug-and-charge.ts';
import { network } from './network.ts';
import { only21 } from './only21.ts';
import { provisioning } from './provisioning.ts';
import { remote } from './remote.ts';
import { smartCharging } from '../charging/smart-charging.ts';
import { streams } from './streams.ts';
import { tokens } from './tokens.ts';
import { upkeep2x } from './upkeep.ts';

/** CSMS to station, a file a functional block; what is not here is answered NotImplemented. */
export const commands2x = (context: Context): Readonly<Record<string, Command>> => {
  plugAndCharge(context);
  const slots = network(context);
  const base = provisioning(context, slots);
  const values = streams(context);
  return {
    ...base.commands,
    ...slots.commands,
    ...remote(context),
    ...smartCharging(context),
    ...tokens(context),
    ...upkeep2x(context),
    ...driverWords(context),
    ...monitoring(context, { ...base, streams: values }),
    ...values.commands,
    ...(context.protocol === 'ocpp2.1' ? { ...only21(context), ...tariffCommands(context) } : {}),
    CostUpdated: costUpdated(context),
    CustomerInformation: customerInformation(context),
  };
};
