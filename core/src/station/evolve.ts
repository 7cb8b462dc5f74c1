import {
  chargingNeedsTold,
  derActiveChanged,
  derAlarmChanged,
  derControlsReported,
  externalLimitChanged,
  priorityChargingChanged,
  vehicleScheduleTold,
  commandChanged,
  customerReported,
  connectorChanged,
  type DataOf,
  deviceNoted,
  type EventDef,
  instant,
  instantOf,
  monitorsChanged,
  networkChanged,
  monitorsReported,
  profilesChanged,
  profilesReported,
  iso,
  type ReportPart,
  reservationChanged,
  sessionEnded,
  sessionStarted,
  stationAvailabilityAsked,
  stationBooted,
  stationConnected,
  stationLearned,
  stationMetered,
  transactionOrphaned,
  variablesReported,
} from '@plugga/kit';
import { evolveSession, type Happened } from '../session/evolve.ts';
import { inserted } from '../session/order.ts';
import { isRegister, KILO, whole } from '../session/register.ts';
import type { Session } from '../session/session.ts';
import { parseTime } from '../session/time.ts';
import { isRemembered, rememberedAfter } from '../device/setting.ts';
import { withPart } from '../device/reports.ts';
import { wished } from './availability.ts';
import { type Charging, chargingAfter } from './charging.ts';
import { learn } from './learnt.ts';
import { alertsAfter, severitiesAfter, withoutMonitors } from './monitors.ts';
import { cameOf, networkAfter } from './network.ts';
import { oursOf, profilesAfter } from './profiles.ts';
import type { Awaited, Connector, Snapshot, StationState, StatusAt } from './state.ts';

const HISTORY = 48;
const ORPHANS = 32;
const RESERVATIONS = 64;
const AWAITED = 64;
/** How long the next part of a report may take. */
const PART_MS = 60_000;

type Fold<E extends EventDef> = (state: Snapshot, data: DataOf<E>, event: Happened) => Partial<Snapshot>;
const table = new Map<string, { readonly def: EventDef; readonly fold: Fold<EventDef> }>();
const folds = <E extends EventDef>(def: E, fold: Fold<E>): void => {
  table.set(def.type, { def, fold: fold as unknown as Fold<EventDef> });
};

folds(stationConnected, (_, { protocol, generation, ...how }) => ({ protocol, generation, came: cameOf(how) }));
folds(networkChanged, (_, data) => ({ network: networkAfter(data) }));
folds(stationBooted, (state, { registration, ...boot }, event) => ({
  boot: { ...boot, at: event.receivedAt },
  registration,
  reset: undefined,
  // What another firmware, or another box, could not do says nothing about this one.
  ...(state.learnt !== undefined && isOther(state.boot, boot) ? { learnt: undefined } : {}),
}));
folds(stationAvailabilityAsked, (state, asked, { receivedAt }) => ({
  availability: wished(state.availability ?? [], asked, receivedAt),
}));
folds(stationLearned, (state, lesson, { receivedAt }) => ({ learnt: learn(state.learnt, lesson, receivedAt) }));
folds(connectorChanged, (state, data, { receivedAt }) => {
  const at = instantOf(data.time);
  const connector = data.connector ?? (data.evse === 0 ? 0 : 1);
  const known = state.connectors.find((it) => it.evse === data.evse && it.connector === connector);
  const heard: StatusAt = [at, data.status];
  const history = [...(known?.history ?? []), heard].sort((a, b) => a[0] - b[0]).slice(-HISTORY);
  // Nothing has happened yet that lies ahead of us: our clock was ahead when it was told, and has been set back.
  const newest = known === undefined || at >= known.at || known.at > receivedAt;
  const next: Connector = newest
    ? {
        evse: data.evse,
        connector,
        status: data.status,
        at,
        ...(data.raw === undefined ? {} : { raw: data.raw }),
        ...(data.error === undefined ? {} : { error: data.error }),
        history,
        ...(data.status === 'charging' && known?.rising !== undefined ? { rising: known.rising } : {}),
      }
    : { ...known, history };
  return { connectors: replaced(state.connectors, next) };
});
folds(stationMetered, (state, data) => {
  const known = state.connectors.find((it) => it.evse === data.evse && it.connector === (data.connector ?? 1));
  if (known === undefined || known.status !== 'charging') return {};
  let { rising } = known;
  for (const reading of data.readings) {
    const sample = reading.samples.find((it) => isRegister(it) && it.phase === undefined);
    const wh = sample && whole(sample.value, (sample.multiplier ?? 0) + (sample.unit === 'kWh' ? KILO : 0));
    const at = instantOf(reading.time);
    if (wh === undefined || at < known.at) continue;
    if (rising === undefined || wh < Number(rising.to)) rising = { since: at, from: String(wh), at, to: String(wh) };
    else if (at > rising.at && wh > Number(rising.to)) rising = { ...rising, at, to: String(wh) };
  }
  return rising === known.rising ? {} : { connectors: replaced(state.connectors, { ...known, rising }) };
});
folds(transactionOrphaned, (state, data, event) => {
  if (data.kind !== 'ended') return {};
  const { transaction, evse, token, meterStop, reason } = data;
  const orphan = {
    event: event.id,
    transaction,
    at: instantOf(data.time),
    timeSource: data.timeSource ?? 'station',
    ...(evse === undefined ? {} : { evse }),
    ...(token === undefined ? {} : { token }),
    ...(meterStop === undefined ? {} : { meterStop }),
    ...(reason === undefined ? {} : { reason }),
  };
  return { orphans: [...state.orphans, orphan].slice(-ORPHANS) };
});
folds(sessionStarted, (state, data) => {
  // What the station said, believed or not: told again it says the same, and our own clock may have been set meanwhile.
  const at = parseTime(data.rawTime) ?? (data.timeSource === 'received' ? undefined : instantOf(data.time));
  const later = at !== undefined && (state.latestStart === undefined || at > state.latestStart);
  const here = state.connectors.find((it) => it.evse === data.evse && it.connector === (data.connector ?? 1));
  return {
    ...(later ? { latestStart: at } : {}),
    ...(here?.rising === undefined ? {} : { connectors: replaced(state.connectors, { ...here, rising: undefined }) }),
  };
});
folds(sessionEnded, (state, { orphan, said, time, meterStop, reason }, { session }) => {
  const found = orphan === undefined ? {} : { orphans: state.orphans.filter((it) => it.event !== orphan) };
  if (said === undefined || session === undefined) return found;
  const stop = {
    session,
    transaction: said,
    at: instantOf(time),
    ...(meterStop === undefined ? {} : { meterStop }),
    ...(reason === undefined ? {} : { reason }),
  };
  return { ...found, linked: [...state.linked, stop].slice(-ORPHANS) };
});
/** One more part, and a minute more for the next. */
const reportedPart = (
  state: Snapshot,
  part: ReportPart,
  { receivedAt }: Happened,
  items?: readonly number[],
): Partial<Snapshot> => {
  const until = iso(instant(receivedAt + PART_MS));
  const waits = (it: Awaited): boolean => it.what === 'report' && it.request === part.request;
  const { awaited } = state;
  return {
    reports: withPart(state.reports, part, { now: receivedAt, ...(items === undefined ? {} : { items }) }),
    ...(awaited?.some(waits) ? { awaited: awaited.map((it) => (waits(it) ? { ...it, until } : it)) } : {}),
  };
};
folds(variablesReported, (state, { values, report }, event) => {
  const said = values.flatMap(({ name, value }) =>
    value !== undefined && isRemembered(name) ? [[name, value] as const] : [],
  );
  return {
    ...(said.length === 0 ? {} : { variables: rememberedAfter(state.variables, said) }),
    ...(report === undefined ? {} : reportedPart(state, report, event)),
  };
});
folds(monitorsReported, (state, { report, monitors }, event) => ({
  ...(monitors.length === 0 ? {} : { severities: severitiesAfter(state.severities, monitors, []) }),
  ...reportedPart(
    state,
    report,
    event,
    monitors.map(({ id }) => id),
  ),
}));
folds(monitorsChanged, (state, { set, cleared }) => ({
  severities: severitiesAfter(state.severities, set, cleared),
  ...(state.alerts === undefined ? {} : { alerts: withoutMonitors(state.alerts, cleared) }),
}));
folds(deviceNoted, (state, data, { at }) => {
  const alerts = alertsAfter(state.alerts, data, iso(at));
  return alerts === state.alerts || (alerts.length === 0 && state.alerts === undefined) ? {} : { alerts };
});
folds(commandChanged, (state, { command, name, status, awaits, unseen }) => {
  const { awaited = [] } = state;
  const others = awaited.filter((it) => it.command !== command);
  return {
    ...(name === 'reset' && status === 'accepted' && unseen !== true ? { reset: command } : {}),
    ...(awaits === undefined ? {} : { awaited: [...others, { ...awaits, command, name }].slice(-AWAITED) }),
    ...(awaits === undefined && others.length < awaited.length ? { awaited: others } : {}),
  };
});

folds(profilesChanged, (state, { changes }) => ({ profiles: profilesAfter(state.profiles ?? [], changes) }));
folds(customerReported, (state, { report }, event) => reportedPart(state, report, event));
folds(profilesReported, (state, told) => ({
  profileReports: withPart(state.profileReports, { request: told.request, last: !told.more }, { items: oursOf(told) }),
}));
const charging = (change: Charging): Partial<Snapshot> => ({ charging: change });
folds(externalLimitChanged, (s, data, event) => charging(chargingAfter.limit(s.charging ?? {}, data, event)));
folds(chargingNeedsTold, (s, data, event) => charging(chargingAfter.needs(s.charging ?? {}, data, event)));
folds(vehicleScheduleTold, (s, data, event) => charging(chargingAfter.vehicle(s.charging ?? {}, data, event)));
folds(priorityChargingChanged, (s, data) => charging(chargingAfter.priority(s.charging ?? {}, data)));
folds(derAlarmChanged, (s, data, event) => charging(chargingAfter.alarm(s.charging ?? {}, data, event)));
folds(derActiveChanged, (s, data, event) => charging(chargingAfter.active(s.charging ?? {}, data, event)));
folds(derControlsReported, (s, data) => charging(chargingAfter.rules(s.charging ?? {}, data)));
folds(reservationChanged, (state, { status, ...reservation }) => {
  const others = (state.reservations ?? []).filter((it) => it.reservation !== reservation.reservation);
  return { reservations: status === 'accepted' ? [...others, reservation].slice(-RESERVATIONS) : others };
});

const isOther = (
  before: Snapshot['boot'],
  after: Pick<NonNullable<Snapshot['boot']>, 'vendor' | 'model' | 'firmware'>,
): boolean =>
  before !== undefined &&
  (before.firmware !== after.firmware || before.vendor !== after.vendor || before.model !== after.model);

function replaced(connectors: readonly Connector[], next: Connector): readonly Connector[] {
  const others = connectors.filter((it) => it.evse !== next.evse || it.connector !== next.connector);
  return [...others, next].sort((a, b) => a.evse - b.evse || a.connector - b.connector);
}

/** The station's own part after one event. */
function evolveStation<S extends Snapshot>(state: S, event: Happened): S {
  const entry = table.get(event.type);
  if (entry === undefined) return state;
  const data = event.v === entry.def.v || entry.def.up === undefined ? event.data : entry.def.up(event.data, event.v);
  const change = entry.fold(state, data as never, event);
  for (const _ in change) return { ...state, ...change };
  return state;
}

/** The sessions after one event. */
export function evolveSessions(sessions: readonly Session[], event: Happened): readonly Session[] {
  if (event.session === undefined) return sessions;
  const index = sessions.findLastIndex((it) => it.id === event.session);
  const before = index < 0 ? undefined : sessions[index];
  const after = evolveSession(before, event);
  if (after === undefined || after === before) return sessions;
  if (index >= 0) return sessions.with(index, after);
  return inserted(sessions, after, (a, b) => a.firstSeq - b.firstSeq || (a.id < b.id ? -1 : 1));
}

/** The state after one event: the only way it changes. */
export function evolve(state: StationState, event: Happened): StationState {
  const after = evolveStation(state, event);
  const sessions = evolveSessions(after.sessions, event);
  return { ...after, sessions, nextSeq: Math.max(after.nextSeq, event.seq + 1) };
}
