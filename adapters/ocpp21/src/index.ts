import { extendAdapter } from '@plugga/kit';
import { ocpp2 } from '@plugga/ocpp201';
import { batterySwap } from './inbound/battery-swap.ts';
import {
  closePeriodicEventStream,
  notifyPeriodicEventStream,
  openPeriodicEventStream,
} from './inbound/periodic-event-streams.ts';
import { notifySettlement } from './inbound/notify-settlement.ts';
import { vatNumberValidation } from './inbound/vat-number-validation.ts';
import { adjustStream, readStreams } from './outbound/periodic-event-streams.ts';
import { requestBatterySwap } from './outbound/request-battery-swap.ts';
import { wire21 } from './schema.ts';

/** OCPP 2.1: what 2.0.1 has, against the schemas of 2.1, and what only 2.1 has. One line a message, alphabetical. */
export const ocpp21 = extendAdapter(ocpp2(wire21), {
  protocol: 'ocpp2.1',
  inbound: {
    BatterySwap: batterySwap,
    ClosePeriodicEventStream: closePeriodicEventStream,
    NotifyPeriodicEventStream: notifyPeriodicEventStream,
    NotifySettlement: notifySettlement,
    OpenPeriodicEventStream: openPeriodicEventStream,
    VatNumberValidation: vatNumberValidation,
  },
  outbound: {
    adjustStream,
    readStreams,
    requestBatterySwap,
  },
  known: [
    // Only ever to the station.
    'AFRRSignal',
    'AdjustPeriodicEventStream',
    'ChangeTransactionTariff',
    'ClearDERControl',
    'ClearTariffs',
    'GetDERControl',
    'GetPeriodicEventStream',
    'GetTariffs',
    'NotifyAllowedEnergyTransfer',
    'NotifyWebPaymentStarted',
    'RequestBatterySwap',
    'SetDERControl',
    'SetDefaultTariff',
    'UpdateDynamicSchedule',
    'UsePriorityCharging',
  ],
});
