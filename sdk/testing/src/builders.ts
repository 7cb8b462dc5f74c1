import type { SessionRow } from '@plugga/core/plugins';
import {
  type Billable,
  type DataOf,
  instantOf,
  type SessionId,
  type sessionClosed,
  type sessionCorrected,
  type sessionEnded,
  type sessionMetered,
  type sessionStarted,
  type TokenRef,
} from '@plugga/kit';

/** Plain things to give to a plugin: one hour at noon, 10 kWh, one driver. A test says what matters to it. */

export const aToken = (o: Partial<TokenRef> = {}): TokenRef => ({
  id: 'token-1',
  type: 'ISO14443',
  last4: 'CAFE',
  ...o,
});

export const aBillable = (o: Partial<Billable> = {}): Billable => {
  const { startedAt = '2026-01-15T12:00:00.000Z', endedAt = '2026-01-15T13:00:00.000Z', energyWh = 10_000 } = o;
  return {
    evseId: 'evse-1',
    connectorId: 'connector-1',
    location: 'location-1',
    timeZone: 'Europe/Stockholm',
    token: aToken(),
    startedAt,
    endedAt,
    energyWh,
    meterStartWh: 0,
    meterStopWh: energyWh,
    curve: [
      { at: startedAt, wh: 0 },
      { at: endedAt, wh: energyWh },
    ],
    states: [{ state: 'charging', from: startedAt, to: endedAt }],
    flags: [],
    held: false,
    ...o,
  };
};

export const aSessionStarted = (o: Partial<DataOf<typeof sessionStarted>> = {}): DataOf<typeof sessionStarted> => ({
  evse: 1,
  connector: 1,
  time: '2026-01-15T12:00:00.000Z',
  timeSource: 'station',
  transaction: '1001',
  token: aToken(),
  meterStart: '0',
  evidence: 'station',
  ...o,
});

/** One reading of the energy register, in Wh since the start. */
export const aSessionMetered = (
  o: { readonly time?: string; readonly wh?: number } & Partial<DataOf<typeof sessionMetered>> = {},
): DataOf<typeof sessionMetered> => {
  const { time = '2026-01-15T12:30:00.000Z', wh = 5_000, ...data } = o;
  const samples = [{ measurand: 'Energy.Active.Import.Register', value: String(wh), unit: 'Wh' }];
  return { readings: [{ time, timeSource: 'station', samples }], source: 'transaction', ...data };
};

export const aSessionEnded = (o: Partial<DataOf<typeof sessionEnded>> = {}): DataOf<typeof sessionEnded> => ({
  time: '2026-01-15T13:00:00.000Z',
  timeSource: 'station',
  meterStop: '10000',
  reason: 'EVDisconnected',
  evidence: 'station',
  ...o,
});

/** `aSessionClosed({ energyWh: 12_000 })`; `cdr: false` closes without a CDR. */
export const aSessionClosed = ({ cdr = true, ...o }: Partial<Billable> & { readonly cdr?: boolean } = {}): DataOf<
  typeof sessionClosed
> => ({
  cdr,
  billable: aBillable(o),
});

export const aSessionCorrected = (
  before: Partial<Billable>,
  after: Partial<Billable>,
): DataOf<typeof sessionCorrected> => ({ before: aBillable(before), after: aBillable({ ...before, ...after }) });

/** The row behind `core.session`. */
export const aSession = (o: Partial<SessionRow> = {}): SessionRow => ({
  id: 'session-1' as SessionId,
  evse: 1,
  connector: 1,
  evseId: 'evse-1',
  connectorId: 'connector-1',
  location: 'location-1' as SessionRow['location'],
  status: 'active',
  token: 'token-1',
  tokenType: 'ISO14443',
  tokenLast4: 'CAFE',
  transactionId: '1001',
  startKey: null,
  firstSeq: 1,
  firstAt: instantOf('2026-01-15T12:00:00Z'),
  startedAt: instantOf('2026-01-15T12:00:00Z'),
  endedAt: null,
  closedAt: null,
  energyWh: null,
  meterStartWh: null,
  meterStopWh: null,
  powerW: null,
  stopReason: null,
  flags: [],
  ...o,
});
