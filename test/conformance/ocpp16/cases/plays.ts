import { now, positive, transactionId } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';

/** What several cases begin with. */

export const make: Payload = { chargePointVendor: 'Conformance', chargePointModel: 'Two sockets' };
const accepted: Payload = { idTagInfo: { status: 'Accepted' } };

/** Milliseconds from now as a station writes it. */
export const time = (fromNowMs = 0): string => new Date(Date.now() + fromNowMs).toISOString();

export const status = (connectorId: number, word: string, more: Payload = {}): Payload => ({
  ...{ connectorId, status: word, errorCode: 'NoError', timestamp: time() },
  ...more,
});
export const tells = (s: Station, connectorId: number, word: string, more: Payload = {}): Promise<Payload> =>
  s.says('StatusNotification', status(connectorId, word, more), {});

/** Boot, accepted with the time and an interval, and the state of the station and both connectors. */
export async function boots(
  s: Station,
  states: readonly string[] = ['Available', 'Available', 'Available'],
): Promise<void> {
  await s.says('BootNotification', make, { status: 'Accepted', currentTime: now, interval: positive });
  for (const [connector, word] of states.entries()) await tells(s, connector, word);
}

export async function booted(t: Stage): Promise<Station> {
  const s = await t.station();
  await boots(s);
  return s;
}

export const authorizes = (s: Station, idTag: string, word = 'Accepted'): Promise<Payload> =>
  s.says('Authorize', { idTag }, { idTagInfo: { status: word } });

/** StartTransaction with that token; gives the id. */
export async function starts(s: Station, idTag: string, more: Payload = {}): Promise<number> {
  const said = { connectorId: 1, idTag, meterStart: 1_000, timestamp: time(), ...more };
  const answer = await s.says('StartTransaction', said, { transactionId, ...accepted });
  return answer['transactionId'] as number;
}

export const stops = (s: Station, id: number, more: Payload = {}): Promise<Payload> =>
  s.says('StopTransaction', { transactionId: id, meterStop: 1_500, timestamp: time(), ...more });

/** Plugged, authorised, started, charging on connector 1. */
export async function charging(
  t: Stage,
): Promise<{ readonly s: Station; readonly idTag: string; readonly id: number }> {
  const idTag = await t.token();
  const s = await booted(t);
  await tells(s, 1, 'Preparing');
  await authorizes(s, idTag);
  const id = await starts(s, idTag);
  await tells(s, 1, 'Charging');
  return { s, idTag, id };
}

/** Two transactions of one station never have one id. */
export async function hasAnother(t: Stage, s: Station, id: number): Promise<void> {
  const other = await starts(s, await t.token(), { connectorId: 2, meterStart: 7_000 });
  t.must('the answer to StartTransaction: another id for another transaction', other === id, false);
}
