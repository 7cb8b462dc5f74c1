import {
  type ConnectorStatus,
  iso,
  type Instant,
  type Place,
  type SessionId,
  sessionPlugged,
  sessionStateChanged,
  sessionUnplugged,
} from '@plugga/kit';
import { connectorAt, type StatusAt } from '../../station/state.ts';
import type { UnitInTheMaking } from '../../station/unit.ts';
import { isAt, type Spot } from '../resolve.ts';
import { beginOf, endOf } from '../session.ts';
import { STATE_OF } from '../states.ts';

/** The permanent identities of an EVSE as they are now; none for EVSE 0. */
export const placeOf = (unit: UnitInTheMaking, evse: number | undefined, connector?: number): Place | undefined =>
  evse === undefined || evse <= 0 ? undefined : unit.env.identityOf(evse, connector);

const PLUGS: readonly ConnectorStatus[] = ['preparing', 'occupied'];
export const isPlug = (status: ConnectorStatus): boolean => PLUGS.includes(status);

/** When the cable went in, as far as the connector's own history tells: the first status after it was last available. */
function plugIn(history: readonly StatusAt[], start: Instant, after: Instant): Instant | undefined {
  let found: StatusAt | undefined;
  for (const entry of history) {
    const [at, status] = entry;
    if (at > start) break;
    if (status === 'available') found = undefined;
    else if (found === undefined && at > after && isPlug(status)) found = entry;
  }
  return found?.[0];
}

/**
 * A session that has just begun reads what its connector has told already: when it was plugged in, its states since, and the
 * unplug where all this is history, up to the next session there.
 */
export function readHistory(unit: UnitInTheMaking, id: SessionId, spot: Spot): void {
  const history = connectorAt(unit.state, spot.evse, spot.connector)?.history ?? [];
  const session = unit.session(id);
  const start = session.started?.at;
  if (history.length === 0 || start === undefined) return;
  const others = unit.state.sessions.filter((it) => it.id !== id && isAt(it, spot) && it.started !== undefined);
  if (session.plugged === undefined) {
    const after = Math.max(0, ...others.map((it) => endOf(it)?.at ?? 0).filter((it) => it <= start)) as Instant;
    const at = plugIn(history, start, after);
    if (at !== undefined) {
      unit.say(
        sessionPlugged,
        { ...spot, time: iso(at), place: placeOf(unit, spot.evse, spot.connector) },
        { session: id, at },
      );
    }
  }
  const from = beginOf(unit.session(id))!;
  const until = Math.min(Infinity, ...others.map((it) => beginOf(it)!).filter((it) => it > start));
  for (const [at, status] of history) {
    if (at < from || at >= until) continue;
    const state = STATE_OF[status];
    const { states, unplugs } = unit.session(id);
    if (state !== undefined && !states.some((it) => it.at === at && it.state === state)) {
      unit.say(sessionStateChanged, { time: iso(at), state }, { session: id, at });
    }
    if (status === 'available' && at >= start && !unplugs.some((it) => it.at === at)) {
      unit.say(sessionUnplugged, { time: iso(at) }, { session: id, at });
    }
  }
}
