import {
  type DataOf,
  type Fact,
  instantOf,
  profilesChanged,
  reservationChanged,
  sessionEnded,
  sessionStarted,
  type SessionId,
  stationNoted,
} from '@plugga/kit';
import { sameHolder, tokenOf } from '../session/session.ts';
import { placeOf } from '../session/heard/place.ts';
import type { Input } from './input.ts';
import type { Reservation, StationState } from './state.ts';
import type { UnitInTheMaking } from './unit.ts';

type Status = DataOf<typeof reservationChanged>['status'];

const say = (unit: UnitInTheMaking, status: Status, reservation: Reservation, session?: SessionId): void => {
  unit.say(reservationChanged, { ...reservation, status }, session === undefined ? {} : { session });
};

/** The station has taken it. A later one of the same id takes the place of the first (1.6 section 5.13). */
export function reservationHeard(unit: UnitInTheMaking, input: Extract<Input, { kind: 'reserved' }>): void {
  const { reservation, evse, connector, token, expiresAt, command } = input;
  const place = evse > 0 ? placeOf(unit, evse, connector) : undefined;
  say(unit, 'accepted', { reservation, evse, connector, token, expiresAt, command, place });
}

export function reservationCancelled(unit: UnitInTheMaking, id: number): void {
  const reservation = unit.state.reservations?.find((it) => it.reservation === id);
  if (reservation !== undefined) say(unit, 'cancelled', reservation);
}

/** The station has let it go by itself: its place is free. One that we do not know is kept as told. */
export function reservationGone(unit: UnitInTheMaking, fact: Extract<Fact, { kind: 'reservationGone' }>): void {
  const { reservation: id, why } = fact;
  const reservation = unit.state.reservations?.find((it) => it.reservation === id);
  if (reservation === undefined)
    unit.say(stationNoted, { topic: 'reservation.unknown', data: { reservation: id, why } });
  else say(unit, why === 'expired' ? 'expired' : 'cancelled', reservation);
}

/** By the id that the start names; a station that names none has used the one of that place which is the token's, or its group's. */
function usedBy(state: StationState, id: SessionId, start: DataOf<typeof sessionStarted>): Reservation | undefined {
  const { reservations = [] } = state;
  const named = reservations.find((it) => it.reservation === start.reservation);
  if (named !== undefined) return named;
  const session = state.sessions.find((it) => it.id === id);
  const token = session === undefined ? undefined : tokenOf(session);
  if (token === undefined) return undefined;
  const at = instantOf(start.time);
  return reservations.find(
    (it) =>
      (it.evse === 0 || it.evse === start.evse) &&
      (it.connector === undefined || start.connector === undefined || it.connector === start.connector) &&
      at <= instantOf(it.expiresAt) &&
      sameHolder(it.token, token),
  );
}

/** What a session's start and end do to what the station has taken from us, and what time does. */
export function settleTaken(unit: UnitInTheMaking): void {
  const { profiles = [], reservations = [] } = unit.state;
  if (profiles.length === 0 && reservations.length === 0) return;
  for (const { type, session, data } of [...unit.events]) {
    if (session === undefined) continue;
    if (type === sessionStarted.type) {
      const used = usedBy(unit.state, session, data as DataOf<typeof sessionStarted>);
      if (used !== undefined) say(unit, 'used', used, session);
    }
    if (type === sessionEnded.type) forgetProfiles(unit, session);
  }
  for (const reservation of unit.state.reservations ?? [])
    if (instantOf(reservation.expiresAt) <= unit.env.now) say(unit, 'expired', reservation);
}

/** A transaction's own profiles go with it. */
function forgetProfiles(unit: UnitInTheMaking, session: SessionId): void {
  const evse = unit.session(session).where?.evse;
  if (evse === undefined) return;
  const own = unit.state.profiles?.some((it) => it.purpose === 'tx' && it.evse === evse) ?? false;
  if (own) unit.say(profilesChanged, { changes: [{ cleared: { evse, purpose: 'tx' } }] }, { session });
}
