import {
  type ChargingState,
  connectorChanged,
  type Fact,
  iso,
  type Instant,
  type SessionId,
  sessionExpired,
  sessionFlagged,
  sessionPlugged,
  sessionStateChanged,
  sessionUnplugged,
} from '@plugga/kit';
import { madeUp } from '../../station/security.ts';
import { connectorAt } from '../../station/state.ts';
import type { UnitInTheMaking } from '../../station/unit.ts';
import { activeAt, isAt, plugged, type Spot } from '../resolve.ts';
import { endOf, isFlagged, isOpen, type Session, statusOf, unpluggedOf } from '../session.ts';
import { STATE_OF } from '../states.ts';
import { judge, timed } from '../time.ts';
import { estimateEnd } from './begin.ts';
import { isPlug, placeOf } from './place.ts';

export type StatusFact = Extract<Fact, { kind: 'status' }>;

/** An older status tells what was, not what is: it casts no doubt on a running session. */
const FRESH_MS = 60_000;

/** Hubs have some dozens. A station that tells of more makes them up: each would be a row, and with a plug a session. */
const MOST_CONNECTORS = 256;

/** StatusNotification: the connector's state, and what follows from it for the sessions there. */
export function statusHeard(unit: UnitInTheMaking, fact: StatusFact): void {
  const { env } = unit;
  const judged = judge(fact.time, env.now);
  const { at } = judged;
  const { evse, connector, status, raw, error } = fact;
  const before = connectorAt(unit.state, evse, connector);
  const known = before?.history.some(([when, what]) => when === at && what === status);
  if (known && fact.time !== undefined && before?.error?.code === error?.code) return;
  if (before === undefined && unit.state.connectors.length >= MOST_CONNECTORS) return madeUp(unit, evse, connector);
  unit.say(connectorChanged, { evse, connector, ...timed(judged), status, raw, error }, { at });
  if (evse <= 0) return;

  const spot = { evse, connector };
  // Whatever came later in station time tells what is now; this tells what was.
  const isNewest = before === undefined || at >= before.at || before.at > env.now;
  if (status === 'available') unplug(unit, spot, at);
  if (isPlug(status) && isNewest) plugIn(unit, spot, at);
  const state = STATE_OF[status];
  const owner = plugged(unit.state.sessions, spot, at);
  if (state !== undefined && owner !== undefined) sayState(unit, owner, state, at);
  if (status === 'available' && isNewest && env.now - at < FRESH_MS) doubt(unit, spot);
  if (status === 'charging' && isNewest)
    for (const session of activeAt(unit.state.sessions, spot)) trust(unit, session, at);
}

function sayState(unit: UnitInTheMaking, session: Session, state: ChargingState, at: Instant): void {
  if (session.states.some((it) => it.at === at && it.state === state)) return;
  unit.say(sessionStateChanged, { time: iso(at), state }, { session: session.id, at });
}

/** A plug opens a pending session, unless one is open there or the last that charged there has not been unplugged. */
function plugIn(unit: UnitInTheMaking, spot: Spot, at: Instant): void {
  const there = unit.state.sessions.filter((it) => isAt(it, spot));
  const open = there.find(isOpen);
  const place = placeOf(unit, spot.evse, spot.connector);
  if (open !== undefined) {
    // A request that waits for its plug has it now.
    if (open.started === undefined && open.plugged === undefined) {
      unit.say(sessionPlugged, { ...spot, time: iso(at), place }, { session: open.id, at });
    }
    return;
  }
  const charged = there.findLast((it) => it.started !== undefined && endOf(it) !== undefined);
  if (charged !== undefined && unpluggedOf(charged) === undefined) return;
  unit.say(sessionPlugged, { ...spot, time: iso(at), place }, { session: unit.env.newId() as SessionId, at });
}

/** Available: the cable is out. */
function unplug(unit: UnitInTheMaking, spot: Spot, at: Instant): void {
  for (const session of unit.state.sessions.filter((it) => isAt(it, spot))) {
    const status = statusOf(session);
    if (status === 'pending') {
      const waits = session.request !== undefined && session.request.expiresAt > unit.env.now;
      // A plug that lies ahead of us was told before our clock was set back.
      const { plugged: plug } = session;
      if (plug !== undefined && (plug.at <= at || plug.at > unit.env.now) && !waits) {
        unit.say(sessionUnplugged, { time: iso(at) }, { session: session.id, at });
        unit.say(sessionExpired, { reason: 'unplugged' }, { session: session.id });
      }
    } else if (session.started !== undefined && session.started.at <= at) {
      const out = unpluggedOf(session);
      if (out !== undefined && out <= at) continue;
      if (session.unplugs.some((it) => it.at === at)) continue;
      unit.say(sessionUnplugged, { time: iso(at) }, { session: session.id, at });
      endEmptyStart(unit, unit.session(session.id), at);
    }
  }
}

/**
 * Some stations end a session with another start of the same token at register 0. It has no energy, Available follows, and it
 * was nothing but the end of the one before.
 */
function endEmptyStart(unit: UnitInTheMaking, session: Session, at: Instant): void {
  const { started } = session;
  if (statusOf(session) !== 'active' || started?.supersedes === undefined || Number(started.meterStart) !== 0) return;
  const before = unit.state.sessions.find((it) => it.id === started.supersedes);
  const sameToken = before?.started?.token?.id === started.token?.id;
  if (!sameToken || (session.tally?.wh ?? 0) > 0) return;
  estimateEnd(unit, session, { concluded: at, reason: 'emptyStart' });
  unit.say(sessionFlagged, { flag: 'emptyStart', detail: started.supersedes }, { session: session.id });
}

/** Available with a transaction open: it seems to have ended without a stop; of no EVSE, where nothing at all is in use. */
function doubt(unit: UnitInTheMaking, spot: Spot): void {
  for (const session of activeAt(unit.state.sessions, spot)) suspect(unit, session, 'available');
  const { connectors, sessions } = unit.state;
  if (connectors.some(({ evse, status }) => evse > 0 && status !== 'available')) return;
  for (const session of sessions)
    if (session.where === undefined && statusOf(session) === 'active') suspect(unit, session, 'available');
}

export function suspect(unit: UnitInTheMaking, session: Session, detail: string): void {
  if (!isFlagged(session, 'suspect')) unit.say(sessionFlagged, { flag: 'suspect', detail }, { session: session.id });
}

/** A transaction message, reading or Charging status of after the suspicion clears it; older ones only show that the station still sends. */
export function trust(unit: UnitInTheMaking, session: Session, at: Instant): void {
  const suspected = session.flagged.get('suspect');
  if (suspected === undefined || suspected.cleared || statusOf(session) !== 'active' || at < suspected.at) return;
  unit.say(sessionFlagged, { flag: 'suspect', cleared: true }, { session: session.id });
}
