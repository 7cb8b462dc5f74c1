import {
  commandChanged,
  type CommandName,
  type CommandResult,
  connectorChanged,
  type DataOf,
  type Fact,
  firmwareChanged,
  instant,
  type Instant,
  instantOf,
  iso,
  type ProfileFilter,
  type ProfilePurpose,
  stationAvailabilityAsked,
  stationNoted,
  uploadChanged,
} from '@plugga/kit';
import { endOf } from '../session/session.ts';
import { requestExpiry } from '../session/timers.ts';
import { missingOf, wholeOf } from '../device/reports.ts';
import type { Input } from './input.ts';
import { OURS, reconcileProfiles } from './profiles.ts';
import type { Awaited, Awaits, StationState, Watched } from './state.ts';
import type { UnitInTheMaking } from './unit.ts';

/** It is there already, or this is to come; undefined: the answer is all there is to see. */
type Effect = { readonly seen: string } | { readonly failed: string } | { readonly awaits: Awaits } | undefined;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** How long an effect may take. What a station puts off until a session has ended may take as long as that. */
const PATIENCE = {
  end: 2 * MINUTE,
  boot: 5 * MINUTE,
  connector: 2 * MINUTE,
  availability: MINUTE,
  scheduled: 24 * HOUR,
  firmware: 2 * HOUR,
  upload: 30 * MINUTE,
  message: 30 * SECOND,
  connection: 15 * MINUTE,
  profiles: 2 * MINUTE,
  // It may go on by its key until its security profile is raised.
  certificate: 24 * HOUR,
  report: MINUTE,
} as const;

const PLUGGED: readonly string[] = ['preparing', 'charging', 'suspendedEV', 'suspendedEVSE', 'finishing', 'occupied'];
const FAILED: readonly string[] = [
  ...['downloadFailed', 'installationFailed', 'installVerificationFailed', 'invalidSignature', 'revokedCertificate'],
  ...['uploadFailed', 'uploadFailure', 'badMessage', 'notSupportedOperation', 'permissionDenied'],
];
/** Another one took its place: as a station says it of the older one, and as we do. */
const CANCELED = 'acceptedCanceled';
const SUPERSEDED = 'superseded';
/** How far a local controller is with an image for the stations behind it, as adapters note it: by OCPP's own words. */
const PUBLISHING = 'firmware.publishing';
const UNPUBLISHED: readonly unknown[] = ['DownloadFailed', 'InvalidChecksum', 'PublishFailed'];
const DONE = { firmware: 'installed', upload: 'uploaded' } as const;

interface Asked {
  readonly evse?: number;
  readonly connector?: number;
  readonly operative?: boolean;
  readonly session?: string;
  readonly request?: number;
  readonly retrieveAt?: string;
  readonly message?: string;
  readonly id?: number;
  readonly purpose?: ProfilePurpose;
  readonly stackLevel?: number;
  readonly sources?: readonly string[];
  /** Of the certificate that it was given. */
  readonly fingerprint?: string;
}
type Command = Extract<Input, { kind: 'command' }>;

/** The connectors that an order about that place is about; EVSE 0 is all there are. */
const connectorsAt = (state: StationState, { evse = 0, connector }: { evse?: number; connector?: number }) => {
  if (evse > 0)
    return state.connectors.filter((it) => it.evse === evse && (connector === undefined || it.connector === connector));
  const own = state.connectors.filter((it) => it.evse > 0);
  return own.length > 0 ? own : state.connectors;
};

const isIn = (state: StationState, { operative = true, ...where }: Asked): boolean => {
  const there = connectorsAt(state, where);
  return there.length > 0 && there.every((it) => (it.status === 'unavailable') !== operative);
};

function unlocked(state: StationState, asked: Asked, until: string): Effect {
  const there = connectorsAt(state, asked).find((it) => PLUGGED.includes(it.status));
  if (there === undefined) return { seen: 'unlocked' };
  const statuses = there.status === 'finishing' ? ['available'] : ['available', 'finishing', 'unavailable'];
  return { awaits: { what: 'connector', until, evse: asked.evse, connector: asked.connector, statuses } };
}

function ended(state: StationState, { session }: Asked, until: string): Effect {
  const found = state.sessions.find((it) => it.id === session);
  return found !== undefined && endOf(found) !== undefined
    ? { seen: found.id }
    : { awaits: { what: 'end', until, session } };
}

function begun(state: StationState, command: string, until: string): Effect {
  const session = state.sessions.find((it) => it.request?.command === command);
  return session?.started === undefined
    ? { awaits: { what: 'session', until, session: session?.id } }
    : { seen: session.id };
}

const ofOurs = (count: number): string => `${count} profiles of ours`;
/** Those of others, which we hold no list of: that they were told is all. */
const othersSeen = ({ state }: UnitInTheMaking, request: number): { readonly seen: string } | undefined => {
  const report = wholeOf(state.profileReports, request);
  return report === undefined ? undefined : { seen: `reported in ${report.parts.length} parts` };
};

function profilesRead(unit: UnitInTheMaking, asked: Asked, result: Command['result'], until: string): Effect {
  if (result !== undefined && 'profiles' in result && result.profiles !== undefined) return { seen: ofOurs(0) };
  const { request = 0, id, evse, purpose, stackLevel, sources } = asked;
  if (id === undefined && sources?.includes(OURS) === false)
    return othersSeen(unit, request) ?? { awaits: { what: 'profiles', until, request } };
  const filter: ProfileFilter = {
    ...(id === undefined ? {} : { id }),
    ...(evse === undefined || id !== undefined ? {} : { evse }),
    ...(purpose === undefined || id !== undefined ? {} : { purpose }),
    ...(stackLevel === undefined || id !== undefined ? {} : { stackLevel }),
  };
  const count = reconcileProfiles(unit, request, filter);
  return count === undefined ? { awaits: { what: 'profiles', until, request, filter } } : { seen: ofOurs(count) };
}

/** What a command that the station has accepted is to lead to. */
function effectOf(unit: UnitInTheMaking, { command, name, asked: payload = {}, result }: Command): Effect {
  const { state, env } = unit;
  const asked = payload as Asked;
  const { evse, request } = asked;
  const by = (ms: number, from: Instant = env.now): string => iso(instant(from + ms));
  const early = state.watched?.find((it) => it.command === command)?.outcome;
  if (early !== undefined) return early;
  switch (name as CommandName) {
    case 'start':
      return begun(state, command, iso(requestExpiry(state, env.now)));
    case 'stop':
      return ended(state, asked, by(PATIENCE.end));
    case 'reset': {
      // Put off, it may take as long as the session that it waits for.
      const until = by(result?.status === 'scheduled' ? PATIENCE.scheduled : PATIENCE.boot);
      // An EVSE alone restarts without a boot of the station: its connectors are there again.
      return evse === undefined || evse === 0
        ? { awaits: { what: 'boot', until } }
        : { awaits: { what: 'connector', until, evse, statuses: ['available', 'occupied'] } };
    }
    case 'unlock':
      return unlocked(state, asked, by(PATIENCE.connector));
    case 'availability': {
      if (isIn(state, asked)) return { seen: asked.operative === true ? 'operative' : 'inoperative' };
      const until = by(result?.status === 'scheduled' ? PATIENCE.scheduled : PATIENCE.availability);
      const { connector, operative } = asked;
      return { awaits: { what: 'availability', until, evse, connector, operative } };
    }
    case 'reserve':
      if (evse === undefined || evse === 0) return undefined;
      return { awaits: { what: 'connector', until: by(PATIENCE.message), evse, statuses: ['reserved'] } };
    case 'updateFirmware': {
      const from = Math.max(env.now, asked.retrieveAt === undefined ? 0 : instantOf(asked.retrieveAt));
      return { awaits: { what: 'firmware', until: by(PATIENCE.firmware, from as Instant), request } };
    }
    case 'publishFirmware':
      return { awaits: { what: 'publishing', until: by(PATIENCE.firmware), request } };
    case 'getDiagnostics':
    case 'getLog':
      return { awaits: { what: 'upload', until: by(PATIENCE.upload), request } };
    case 'rotateKey':
    case 'raiseProfile': {
      const message = name === 'rotateKey' ? 'key' : 'securityProfile';
      return { awaits: { what: 'connection', until: by(PATIENCE.connection), message } };
    }
    case 'certificateSigned': {
      if (asked.fingerprint === undefined) return undefined;
      const until = by(PATIENCE.certificate);
      return { awaits: { what: 'connection', until, message: 'certificate', certificate: asked.fingerprint } };
    }
    case 'installCertificate':
    case 'deleteCertificate': {
      const readBack = result !== undefined && 'readBack' in result ? result.readBack : undefined;
      if (readBack === undefined) return undefined;
      return readBack.seen ? { seen: readBack.detail } : { failed: readBack.detail };
    }
    case 'readProfiles':
      return profilesRead(unit, asked, result, by(PATIENCE.profiles));
    case 'setMonitoringBase':
    case 'readMonitors': {
      const { allMonitors, readBack } = (result ?? {}) as Extract<CommandResult, { readonly readBack?: unknown }>;
      if (readBack?.seen === false) return { failed: readBack.detail };
      if (allMonitors !== undefined) return { seen: `${allMonitors.length} monitors` };
      if (request === undefined || (name === 'setMonitoringBase' && env.quiet === true)) return undefined;
      return reportSeen(state, request) ?? { awaits: { what: 'report', until: by(PATIENCE.report), request } };
    }
    case 'readVariables':
    case 'baseReport':
    case 'variableReport':
    case 'readDerControls':
    case 'readCustomer': {
      if (request === undefined || (result !== undefined && 'variables' in result)) return undefined;
      return reportSeen(state, request) ?? { awaits: { what: 'report', until: by(PATIENCE.report), request } };
    }
    case 'trigger':
      // What a message of a make's own is, only the make knows.
      if (asked.message === 'custom') return undefined;
      return { awaits: { what: 'message', until: by(PATIENCE.message), message: asked.message, evse } };
    default:
      return undefined;
  }
}

const isTriggered: Readonly<Record<string, (fact: Fact) => boolean>> = {
  boot: (fact) => fact.kind === 'booted',
  heartbeat: (fact) => fact.kind === 'seen',
  status: (fact) => fact.kind === 'status',
  meterValues: (fact) => fact.kind === 'metered',
  diagnosticsStatus: (fact) => fact.kind === 'progress' && fact.of === 'diagnostics',
  firmwareStatus: (fact) => fact.kind === 'progress' && fact.of === 'firmware',
  logStatus: (fact) => fact.kind === 'progress' && fact.of === 'log',
  signCertificate: (fact) => fact.kind === 'certificateRequested',
  transaction: (fact) => fact.kind === 'started' || fact.kind === 'updated' || fact.kind === 'ended',
  publishStatus: (fact) => fact.kind === 'noted' && fact.topic === PUBLISHING,
  signV2gCertificate: (fact) => fact.kind === 'certificateRequested',
  signV2g20Certificate: (fact) => fact.kind === 'certificateRequested',
  signCombinedCertificate: (fact) => fact.kind === 'certificateRequested',
};

type Outcome = { readonly seen: string } | { readonly failed: string } | undefined;

/** A status without a request is of whatever is under way. */
const progress = (
  awaited: { readonly request?: number | undefined },
  unit: UnitInTheMaking,
  done: 'firmware' | 'upload',
): Outcome => {
  const { type } = done === 'firmware' ? firmwareChanged : uploadChanged;
  for (const event of unit.events) {
    if (event.type !== type) continue;
    const { status, request, detail = status } = event.data as DataOf<typeof firmwareChanged>;
    if (request !== undefined && awaited.request !== undefined && request !== awaited.request) continue;
    if (status === DONE[done]) return { seen: status };
    if (status === CANCELED) return { failed: SUPERSEDED };
    if (FAILED.includes(status)) return { failed: detail };
  }
  return undefined;
};

/** Of an image that a local controller was told to publish. */
const publishing = ({ request }: { readonly request?: number | undefined }, unit: UnitInTheMaking): Outcome => {
  for (const { type, data } of unit.events) {
    const noted = data as DataOf<typeof stationNoted>;
    if (type !== stationNoted.type || noted.topic !== PUBLISHING) continue;
    const said = noted.data as { readonly status?: unknown; readonly request?: number; readonly detail?: string };
    if (said.request !== undefined && request !== undefined && said.request !== request) continue;
    if (said.status === 'Published') return { seen: 'published' };
    if (UNPUBLISHED.includes(said.status)) return { failed: said.detail ?? String(said.status) };
  }
  return undefined;
};

const connectorSeen = ({ evse, connector, statuses = [] }: Partial<Awaited>, unit: UnitInTheMaking): Outcome => {
  for (const { type, data } of unit.events) {
    if (type !== connectorChanged.type) continue;
    const told = data as DataOf<typeof connectorChanged>;
    if (told.evse !== evse || (connector !== undefined && told.connector !== undefined && told.connector !== connector))
      continue;
    if (statuses.includes(told.status)) return { seen: told.status };
  }
  return undefined;
};

/** All parts of a report, in whatever order they came. */
const reportSeen = ({ reports = [], charging }: StationState, request: number | undefined) => {
  const report = wholeOf(reports, request) ?? (charging?.rules && wholeOf([charging.rules], request));
  return report === undefined ? undefined : { seen: `reported in ${report.parts.length} parts` };
};

const messageSeen = (
  { message = '', evse }: { readonly message?: string | undefined; readonly evse?: number | undefined },
  input: Input,
): Outcome => {
  const fits = isTriggered[message];
  if (input.kind !== 'message' || fits === undefined) return undefined;
  const isThere = (fact: Fact): boolean =>
    evse === undefined || evse === 0 || !('evse' in fact) || fact.evse === undefined || fact.evse === evse;
  return input.facts.some((fact) => fits(fact) && isThere(fact)) ? { seen: input.action } : undefined;
};

function outcomeOf(awaited: Awaited, unit: UnitInTheMaking, input: Input): Outcome {
  switch (awaited.what) {
    case 'session':
    case 'end':
    case 'boot': {
      const effect = unit.effects.find((it) => it.kind === 'effect' && it.command === awaited.command);
      return effect?.kind === 'effect' ? { seen: effect.effect } : undefined;
    }
    case 'connector':
      return connectorSeen(awaited, unit);
    case 'availability': {
      const told = unit.events.some(({ type }) => type === connectorChanged.type);
      return told && isIn(unit.state, awaited)
        ? { seen: awaited.operative === true ? 'operative' : 'inoperative' }
        : undefined;
    }
    case 'firmware':
    case 'upload':
      return progress(awaited, unit, awaited.what);
    case 'publishing':
      return publishing(awaited, unit);
    case 'report':
      return reportSeen(unit.state, awaited.request);
    case 'message':
      return messageSeen(awaited, input);
    case 'profiles': {
      if (awaited.filter === undefined) return othersSeen(unit, awaited.request ?? 0);
      const count = reconcileProfiles(unit, awaited.request ?? 0, awaited.filter as ProfileFilter);
      return count === undefined ? undefined : { seen: ofOurs(count) };
    }
    case 'connection': {
      if (awaited.certificate !== undefined)
        return input.kind === 'connected' && input.certificate === awaited.certificate
          ? { seen: 'connected with it' }
          : undefined;
      const renewed = input.kind === 'connected' ? (input.renewed ?? []) : [];
      return renewed.some((it) => it === awaited.message) ? { seen: 'connected with it' } : undefined;
    }
    default:
      return awaited.what satisfies never;
  }
}

/** Whether we have told the station to send that message, and it has not yet. */
export const isAskedFor = ({ awaited = [], watched = [] }: StationState, message: string): boolean =>
  [...awaited, ...watched].some((it) => it.name === 'trigger' && it.message === message);

const OWN_EFFECT: readonly Awaits['what'][] = ['session', 'end', 'boot'];

/** What stations may do before they have answered: many say at once what they were triggered to, or that a download failed. */
const WATCHED: Partial<Record<CommandName, (of: Watched, unit: UnitInTheMaking, input: Input) => Outcome>> = {
  trigger: (of, _, input) => messageSeen(of, input),
  updateFirmware: (of, unit) => progress(of, unit, 'firmware'),
  publishFirmware: (of, unit) => publishing(of, unit),
  getDiagnostics: (of, unit) => progress(of, unit, 'upload'),
  getLog: (of, unit) => progress(of, unit, 'upload'),
  readCustomer: ({ request }, unit) => reportSeen(unit.state, request),
  reserve: ({ evse }, unit) => connectorSeen({ evse, statuses: ['reserved'] }, unit),
  // Some restart first and answer never, or too fast to be heard in order.
  reset: (_, __, input) =>
    input.kind === 'message' && input.facts.some(({ kind }) => kind === 'booted') ? { seen: 'booted' } : undefined,
};

/** Remembers what a command that has no answer yet may have led to already. */
function watch(unit: UnitInTheMaking, input: Input): void {
  const { watched = [] } = unit.state;
  if (watched.length === 0 || input.kind !== 'message') return;
  const now = watched.map((it) => {
    const outcome = it.outcome ?? WATCHED[it.name as CommandName]?.(it, unit, input);
    return outcome === it.outcome ? it : { ...it, outcome };
  });
  if (now.some((it, i) => it !== watched[i])) unit.note({ watched: now });
}

const unseenOf = ({ what, request, until }: Awaited, { reports = [], charging }: StationState): string =>
  what === 'report'
    ? missingOf([...reports, ...(charging?.rules ? [charging.rules] : [])].find((it) => it.request === request))
    : `nothing was seen of it by ${until}`;

const sayUnseen = (
  unit: UnitInTheMaking,
  { command, name }: Pick<Awaited, 'command' | 'name'>,
  detail: string,
): void => {
  unit.say(commandChanged, { command, name, status: 'accepted', unseen: true, detail });
  unit.want({ kind: 'unseen', command, detail });
};

/** Says what was seen of the commands that wait for their effect, what has failed, and what was not seen in time. */
export function concludeCommands(unit: UnitInTheMaking, input: Input): void {
  watch(unit, input);
  for (const awaited of unit.state.awaited ?? []) {
    const { command, name, what, until } = awaited;
    const outcome = outcomeOf(awaited, unit, input);
    const late = instantOf(until) <= unit.env.now;
    if (outcome !== undefined && 'seen' in outcome) {
      unit.say(commandChanged, { command, name, status: 'done', effect: outcome.seen });
      if (!OWN_EFFECT.includes(what)) unit.want({ kind: 'effect', command, effect: outcome.seen });
    } else if (outcome !== undefined || late) {
      sayUnseen(unit, awaited, outcome === undefined ? unseenOf(awaited, unit.state) : outcome.failed);
    }
  }
}

/** Watched from when it is sent until it has its answer. */
function rewatch(unit: UnitInTheMaking, { command, name, status, asked = {} }: Command): void {
  const { watched = [] } = unit.state;
  const others = watched.filter((it) => it.command !== command);
  const { message, evse, request } = asked as Asked;
  unit.note({ watched: status === 'sent' ? [...others, { command, name, message, evse, request }] : others });
}

/** A command has its answer: what it leads to is there, or is awaited from now on. */
export function commandHeard(unit: UnitInTheMaking, input: Command): void {
  const { command, name, status, detail, effect } = input;
  const leads = status === 'accepted' ? effectOf(unit, input) : undefined;
  if (Object.hasOwn(WATCHED, name)) rewatch(unit, input);
  const awaits = leads !== undefined && 'awaits' in leads ? leads.awaits : undefined;
  unit.say(commandChanged, { command, name, status, detail, effect, awaits });
  if (name === 'availability' && status === 'accepted') {
    const { evse = 0, connector, operative = true } = (input.asked ?? {}) as Asked;
    unit.say(stationAvailabilityAsked, { evse, connector, operative, command });
  }
  if (status === 'accepted' && input.result !== undefined && 'supersedes' in input.result)
    for (const older of unit.state.awaited ?? [])
      if (older.name === name && older.command !== command) sayUnseen(unit, older, SUPERSEDED);
  if (awaits !== undefined) unit.want({ kind: 'awaiting', command, until: instant(instantOf(awaits.until)) });
  if (leads === undefined || 'awaits' in leads) return;
  if ('seen' in leads) {
    unit.say(commandChanged, { command, name, status: 'done', effect: leads.seen });
    unit.want({ kind: 'effect', command, effect: leads.seen });
  } else sayUnseen(unit, input, leads.failed);
}
