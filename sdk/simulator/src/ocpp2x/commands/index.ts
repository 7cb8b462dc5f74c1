import type { Command } from '../../ocpp16/command.ts';
import type { Context } from './context.ts';
import { provisioning } from './provisioning.ts';
import { remote } from './remote.ts';

/** CSMS to station, a file a functional block; what is not here is answered NotImplemented. */
export const commands2x = (context: Context): Readonly<Record<string, Command>> => ({
  ...provisioning(context),
  ...remote(context),
});
