import { type Billable, instantOf, type Instant, iso } from '@plugga/kit';
import { curveOf, energyOf } from './energy.ts';
import { isEmptyStart, isHeld, shownFlags } from './flags.ts';
import { beginOf, decisionOf, endOf, requestOf, type Session, stopOf, tokenOf, unpluggedOf } from './session.ts';
import { statesOf } from './states.ts';
import { listOf } from './trail.ts';

/** When the transaction began as far as anything tells. */
const startedAt = (session: Session): Instant =>
  session.started?.at ?? beginOf(session) ?? session.meteredAt?.before ?? endOf(session)?.at ?? session.firstAt;

/** A stop before the start in station time: then the moment we heard of it, never before the start. */
function endedAt(session: Session, from: Instant): Instant {
  const end = endOf(session);
  if (end === undefined) return from;
  if (end.at >= from) return end.at;
  return end.receivedAt >= from ? end.receivedAt : from;
}

/** The battery between start and end, in order of time; of several values of one moment the highest, so that no order of arrival matters. */
function socBetween(
  session: Session,
  from: Instant,
  until: Instant,
): { readonly at: string; readonly percent: number }[] {
  const said = new Map<Instant, number>();
  for (const { at, percent } of session.soc === undefined ? [] : listOf(session.soc))
    if (at >= from && at <= until) said.set(at, Math.max(percent, said.get(at) ?? 0));
  return [...said].sort(([a], [b]) => a - b).map(([at, percent]) => ({ at: iso(at), percent }));
}

/** All that a bill needs of an ended session. */
export function billableOf(session: Session): Billable {
  const energy = energyOf(session);
  const from = startedAt(session);
  const until = endedAt(session, from);
  const unplugged = unpluggedOf(session);
  const place = session.where?.place;
  const decision = decisionOf(session);
  const request = requestOf(session);
  const soc = socBetween(session, from, until);
  return {
    evseId: place?.evseId,
    connectorId: place?.connectorId,
    location: place?.location,
    ...(place?.maxPowerW === undefined ? {} : { maxPowerW: place.maxPowerW }),
    timeZone: place?.timeZone ?? 'UTC',
    token: tokenOf(session),
    payer: decision?.payer,
    reference: decision?.reference ?? request?.reference,
    channel: request?.channel,
    offer: request?.offer,
    startedAt: iso(from),
    endedAt: iso(until),
    stopReason: stopOf(session).reason,
    energyWh: energy.wh,
    meterStartWh: energy.startWh,
    meterStopWh: energy.stopWh,
    curve: curveOf(session, { from, until }).map((it) => ({ at: iso(it.at), wh: it.wh })),
    ...(soc.length === 0 ? {} : { soc }),
    states: statesOf(session).map((it) => ({ state: it.state, from: iso(it.from), to: iso(it.to) })),
    unpluggedAt: unplugged === undefined ? undefined : iso(unplugged),
    flags: [...shownFlags(session)],
    held: isHeld(session),
  };
}

/** A session without energy of which no token was accepted, and a start that only ended the one before it, have nothing to bill. */
export function hasCdr(session: Session): boolean {
  if (isEmptyStart(session)) return false;
  return decisionOf(session)?.accepted === true || energyOf(session).wh > 0;
}

/** Where nobody asked to wait for what comes after the end, it is not billed and so is never corrected. */
function billedPart(billable: Billable, { waited, tellsSoc }: { waited: boolean; tellsSoc: boolean }): unknown {
  const { energyWh, meterStartWh, meterStopWh, startedAt, endedAt, token, payer, curve, held } = billable;
  const end = instantOf(endedAt);
  const states = waited
    ? billable.states
    : billable.states
        .filter((it) => instantOf(it.from) < end)
        .map((it) => (instantOf(it.to) > end ? { ...it, to: endedAt } : it));
  const unpluggedAt = waited ? billable.unpluggedAt : undefined;
  const states_ = states.map((it) => [it.state, it.from, it.to]);
  const curve_ = curve.map((it) => [it.at, it.wh]);
  return [
    energyWh,
    meterStartWh ?? null,
    meterStopWh ?? null,
    startedAt,
    endedAt,
    token?.id ?? null,
    payer ?? null,
    held,
    states_,
    curve_,
    unpluggedAt ?? null,
    ...(tellsSoc ? [billable.soc?.map((it) => [it.at, it.percent])] : []),
  ];
}

/**
 * Whether a closed session must be billed anew. The battery is compared only where it was told before: what an older release
 * closed is not corrected for having been told less.
 */
export const billsOtherwise = (before: Billable, after: Billable, waited: boolean): boolean => {
  const o = { waited, tellsSoc: before.soc !== undefined };
  return JSON.stringify(billedPart(before, o)) !== JSON.stringify(billedPart(after, o));
};
