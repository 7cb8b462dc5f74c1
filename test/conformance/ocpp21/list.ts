import { list as before } from '../ocpp201/list.ts';
import { group, type Listed } from '../script/listed.ts';

/**
 * The 27 messages that 2.1 adds, a case each, by their names. Where a public case is about the message, its id and title are
 * named: as EVtivity publishes its results.
 */
export const additions: readonly Listed[] = [
  ...group('Tariff and cost', {
    SetDefaultTariff: 'the tariff of a station (I_101, I_106)',
    GetTariffs: 'which tariffs the station has',
    ClearTariffs: 'the default tariff is cleared (I_110)',
    ChangeTransactionTariff: 'another tariff in a transaction (I_113, I_115)',
  }),
  ...group('Payment', {
    NotifySettlement: 'settled, and failed (C_117 to C_120)',
    VatNumberValidation: 'the VAT number of a driver (C_108)',
    NotifyWebPaymentStarted: 'a driver is on the page of the QR code (C_131)',
  }),
  ...group('Smart charging', {
    UsePriorityCharging: 'priority is asked for remotely (K_118)',
    NotifyPriorityCharging: 'priority is switched at the station',
    UpdateDynamicSchedule: 'set-points are pushed (Q_109)',
    PullDynamicScheduleUpdate: 'set-points are pulled of a profile that nobody moves (K_121, Q_110)',
    AFRRSignal: 'signal of the frequency reserve (Q_120)',
    NotifyAllowedEnergyTransfer: 'which energy may flow (Q_102)',
  }),
  ...group('Grid', {
    SetDERControl: 'a control is configured (R_107)',
    GetDERControl: 'controls are asked for (R_107)',
    ClearDERControl: 'a control is cleared',
    ReportDERControl: 'controls are reported in parts (R_107)',
    NotifyDERAlarm: 'an event of the grid, and its end (R_108)',
    NotifyDERStartStop: 'a control is followed, and no longer',
  }),
  ...group('Battery swapping', {
    BatterySwap: 'batteries go in and out, started at the station',
    RequestBatterySwap: 'started remotely, with and without batteries enough (S_102, S_103)',
  }),
  ...group('Certificates', { GetCertificateChainStatus: 'status of each certificate of a chain' }),
  ...group('Event streams', {
    OpenPeriodicEventStream: 'a stream is opened',
    ClosePeriodicEventStream: 'a stream is closed',
    AdjustPeriodicEventStream: 'another rate (N_105)',
    GetPeriodicEventStream: 'which streams there are (N_107)',
    NotifyPeriodicEventStream: 'values, which nobody answers',
  }),
];

/** Those of 2.0.1, which are cases of 2.1 by the same ids and titles, and the additions. */
export const list: readonly Listed[] = [...before, ...additions];

/** As in 2.0.1, for the additions. */
export const STUB_PASSES: readonly string[] = [];
