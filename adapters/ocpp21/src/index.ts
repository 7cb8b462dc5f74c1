import { extendAdapter } from '@plugga/kit';
import { ocpp2 } from '@plugga/ocpp201';
import { authorize } from './inbound/authorize.ts';
import { batterySwap } from './inbound/battery-swap.ts';
import {
  closePeriodicEventStream,
  notifyPeriodicEventStream,
  openPeriodicEventStream,
} from './inbound/periodic-event-streams.ts';
import { getCertificateChainStatus } from './inbound/get-certificate-chain-status.ts';
import { notifyDerAlarm } from './inbound/notify-der-alarm.ts';
import { notifyDerStartStop } from './inbound/notify-der-start-stop.ts';
import { notifyPriorityCharging } from './inbound/notify-priority-charging.ts';
import { notifySettlement } from './inbound/notify-settlement.ts';
import { pullDynamicScheduleUpdate } from './inbound/pull-dynamic-schedule-update.ts';
import { reportDerControl } from './inbound/report-der-control.ts';
import { vatNumberValidation } from './inbound/vat-number-validation.ts';
import { adjustStream, readStreams } from './outbound/periodic-event-streams.ts';
import { requestBatterySwap } from './outbound/request-battery-swap.ts';
import { allowEnergyTransfer } from './outbound/allow-energy-transfer.ts';
import { clearDerControl, readDerControls, setDerControl } from './outbound/der-controls.ts';
import { frequencySignal } from './outbound/frequency-signal.ts';
import { priorityCharging } from './outbound/priority-charging.ts';
import { changeTransactionTariff, clearTariffs, readTariffs, setDefaultTariff } from './outbound/tariffs.ts';
import { updateDynamicSchedule } from './outbound/update-dynamic-schedule.ts';
import { webPaymentStarted } from './outbound/web-payment-started.ts';
import { wire21 } from './schema.ts';

/** OCPP 2.1: what 2.0.1 has, against the schemas of 2.1, and what only 2.1 has. One line a message, alphabetical. */
export const ocpp21 = extendAdapter(ocpp2(wire21), {
  protocol: 'ocpp2.1',
  inbound: {
    Authorize: authorize(wire21),
    BatterySwap: batterySwap,
    ClosePeriodicEventStream: closePeriodicEventStream,
    GetCertificateChainStatus: getCertificateChainStatus(wire21),
    NotifyDERAlarm: notifyDerAlarm(wire21),
    NotifyDERStartStop: notifyDerStartStop(wire21),
    NotifyPeriodicEventStream: notifyPeriodicEventStream,
    NotifyPriorityCharging: notifyPriorityCharging(wire21),
    NotifySettlement: notifySettlement,
    OpenPeriodicEventStream: openPeriodicEventStream,
    PullDynamicScheduleUpdate: pullDynamicScheduleUpdate(wire21),
    ReportDERControl: reportDerControl(wire21),
    VatNumberValidation: vatNumberValidation,
  },
  outbound: {
    adjustStream,
    allowEnergyTransfer: allowEnergyTransfer(wire21),
    changeTransactionTariff: changeTransactionTariff(wire21),
    clearDerControl: clearDerControl(wire21),
    clearTariffs: clearTariffs(wire21),
    frequencySignal: frequencySignal(wire21),
    priorityCharging: priorityCharging(wire21),
    readDerControls: readDerControls(wire21),
    readStreams,
    readTariffs: readTariffs(wire21),
    requestBatterySwap,
    setDefaultTariff: setDefaultTariff(wire21),
    setDerControl: setDerControl(wire21),
    updateDynamicSchedule: updateDynamicSchedule(wire21),
    webPaymentStarted: webPaymentStarted(wire21),
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
