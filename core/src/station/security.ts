import type { Fact } from '@plugga/kit';
import { judge, timed } from '../session/time.ts';
import { sayPaced } from './floods.ts';
import type { UnitInTheMaking } from './unit.ts';

/** Critical by the appendix of OCPP 2.0.1; `routine` ones happen at every boot or update and wake nobody. */
const CRITICAL: Readonly<Record<string, 'alarm' | 'routine'>> = {
  FirmwareUpdated: 'routine',
  SettingSystemTime: 'routine',
  StartupOfTheDevice: 'routine',
  ResetOrReboot: 'routine',
  MaintenanceLoginAccepted: 'routine',
  SecurityLogWasCleared: 'alarm',
  MemoryExhaustion: 'alarm',
  TamperDetectionActivated: 'alarm',
  InvalidFirmwareSignature: 'alarm',
  InvalidFirmwareSigningCertificate: 'alarm',
  InvalidCsmsCertificate: 'alarm',
  InvalidChargingStationCertificate: 'alarm',
  InvalidTLSVersion: 'alarm',
  InvalidTLSCipherSuite: 'alarm',
  MaintenanceLoginFailed: 'alarm',
};

/** A security event of the station: kept with its own time, and an alarm where somebody must look at it. */
export function securityHeard(unit: UnitInTheMaking, fact: Extract<Fact, { kind: 'security' }>): void {
  const { type: kind, info: detail, time } = fact;
  const level = Object.hasOwn(CRITICAL, kind) ? CRITICAL[kind] : undefined;
  const judged = judge(time, unit.env.now);
  const noted = { kind, origin: 'station', detail, ...(level === undefined ? {} : { critical: true }) } as const;
  const isTold = sayPaced(unit, { ...noted, ...timed(judged) }, judged.at);
  if (level === 'alarm' && isTold)
    unit.want({ kind: 'alarm', what: kind, ...(detail === undefined ? {} : { detail }) });
}

/** The station tries tokens that nobody knows, more than drivers would. What it tries from now on is not told one by one. */
export function guessed(unit: UnitInTheMaking, detail: string | undefined): void {
  const what = 'token-guessing';
  const isTold = sayPaced(unit, { kind: what, origin: 'csms', critical: true, detail });
  if (isTold) unit.want({ kind: 'alarm', what, ...(detail === undefined ? {} : { detail }) });
}

/** The station makes up EVSEs, more than any has. What it says of those beyond the first is not kept. */
export function madeUp(unit: UnitInTheMaking, evse: number, connector: number | undefined): void {
  const detail = `EVSE ${evse}${connector === undefined ? '' : `, connector ${connector}`}`;
  sayPaced(unit, { kind: 'too-many-connectors', origin: 'csms', critical: true, detail });
}
