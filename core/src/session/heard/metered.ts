import {
  type Fact,
  type Instant,
  type LoggedReading,
  instantOf,
  type Reading,
  type SessionId,
  sessionMetered,
  stationMetered,
  transactionOrphaned,
} from '@plugga/kit';
import type { UnitInTheMaking } from '../../station/unit.ts';
import { during, ofTransaction } from '../resolve.ts';
import type { Session } from '../session.ts';
import { judge, timed } from '../time.ts';

export type MeterFact = Extract<Fact, { kind: 'metered' }>;

export const readingsOf = (readings: readonly Reading[], now: Instant): LoggedReading[] =>
  readings.map((it) => ({ ...timed(judge(it.time, now)), samples: it.samples as LoggedReading['samples'] }));

const timeOf = (reading: LoggedReading): Instant => instantOf(reading.time);
export const newestOf = (readings: readonly LoggedReading[]): Instant =>
  readings.reduce<Instant>((newest, it) => (timeOf(it) > newest ? timeOf(it) : newest), timeOf(readings[0]!));

/** Whether these are the newest readings of the session told again: the answer to them was lost. */
function isRepeat(session: Session, readings: readonly LoggedReading[]): boolean {
  const last = session.lastReadings?.readings as readonly LoggedReading[] | undefined;
  if (last === undefined || last.length !== readings.length || readings[0]!.timeSource === 'received') return false;
  if (last[0]!.time !== readings[0]!.time) return false;
  return JSON.stringify(last) === JSON.stringify(readings);
}

/** MeterValues of any version: by the transaction's id, else by the connector and the time of each reading. */
export function meterHeard(unit: UnitInTheMaking, fact: MeterFact): readonly SessionId[] {
  if (fact.readings.length === 0) return [];
  const { evse, connector, transaction } = fact;
  const readings = readingsOf(fact.readings, unit.env.now);
  const at = newestOf(readings);
  if (evse !== undefined && evse <= 0) {
    unit.say(stationMetered, { evse: 0, readings }, { at });
    return [];
  }
  const named = transaction && ofTransaction(unit.state.sessions, transaction.id, at);
  if (named !== undefined) {
    if (!isRepeat(named, readings))
      unit.say(sessionMetered, { readings, source: 'transaction' }, { session: named.id, at });
    return [named.id];
  }
  const parts = new Map<SessionId | undefined, LoggedReading[]>();
  for (const reading of readings) {
    const when = { at: timeOf(reading), believed: reading.timeSource !== 'received' };
    const owner = evse === undefined ? undefined : during(unit.state.sessions, { evse, connector }, when);
    const part = parts.get(owner?.id);
    if (part === undefined) parts.set(owner?.id, [reading]);
    else part.push(reading);
  }
  for (const [session, part] of parts) sayPart(unit, fact, session, part);
  return [...parts.keys()].filter((it) => it !== undefined);
}

function sayPart(
  unit: UnitInTheMaking,
  fact: MeterFact,
  session: SessionId | undefined,
  readings: LoggedReading[],
): void {
  const at = newestOf(readings);
  const { evse, connector, transaction } = fact;
  if (session !== undefined) {
    if (isRepeat(unit.session(session), readings)) return;
    unit.say(sessionMetered, { readings, source: 'connector' }, { session, at });
  } else if (transaction !== undefined) {
    const { time, timeSource, rawTime } = readings[0]!;
    const data = {
      kind: 'metered' as const,
      transaction: transaction.id,
      time,
      timeSource,
      rawTime,
      evse,
      connector,
      readings,
    };
    unit.say(transactionOrphaned, { ...data, candidates: [] }, { at });
  } else {
    unit.say(stationMetered, { evse, connector, readings }, { at });
  }
}
