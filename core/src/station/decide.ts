import { iso, type SessionId, sessionMetered } from '@plugga/kit';
import { beginSession } from '../session/heard/begin.ts';
import { activeAt, pendingAt } from '../session/resolve.ts';
import type { Connector } from './state.ts';
import type { UnitInTheMaking } from './unit.ts';

const RISING_MS = 2 * 60_000;

/**
 * A connector that says it charges, and whose register has risen for 2 min, does charge: without a start it is a session all
 * the same, estimated and held.
 */
function startUnannounced(unit: UnitInTheMaking, { evse, connector, status, rising }: Connector): void {
  if (status !== 'charging' || rising === undefined || rising.at - rising.since < RISING_MS) return;
  const spot = { evse, connector };
  if (activeAt(unit.state.sessions, spot).length > 0) return;
  const session = pendingAt(unit.state.sessions, spot)[0]?.id ?? (unit.env.newId() as SessionId);
  const { since, from, at, to } = rising;
  beginSession(unit, session, { ...spot, time: iso(since), meterStart: from, evidence: 'estimated' }, since);
  const samples = [{ measurand: 'Energy.Active.Import.Register', value: to, unit: 'Wh' }];
  unit.say(sessionMetered, { readings: [{ time: iso(at), samples }], source: 'connector' }, { session, at });
}

/** What follows from the connectors alone. */
export function decideStation(unit: UnitInTheMaking): void {
  for (const connector of unit.state.connectors) if (connector.evse > 0) startUnannounced(unit, connector);
}
