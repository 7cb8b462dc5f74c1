import { z } from 'zod';
import { defineEvent, isEvent, type Recorded } from './event.ts';
import { decimalText } from './money.ts';

/** The core's events. Fields that are absent were not said. Times of stations are trusted times as ISO text; `rawTime` is kept where the station's own was not usable. */

const isoText = z.string();
const where = { evse: z.number().int(), connector: z.number().int().optional() };
/** How the time of a fact came about: the station's own, or ours because the station's was missing or not to be trusted. */
const optionalTime = {
  time: isoText.optional(),
  timeSource: z.enum(['station', 'received']).optional(),
  rawTime: z.string().optional(),
};
const timed = { time: isoText, timeSource: z.enum(['station', 'received']).optional(), rawTime: z.string().optional() };

/** The permanent identities of the hardware at that moment, so that a session is rebuilt from the log alone. */
const place = z.object({
  evseId: z.string().optional(),
  connectorId: z.string().optional(),
  location: z.string().optional(),
  /** IANA name of the location's zone. */
  timeZone: z.string(),
  /** Rated power of the connector in watts, where it is stated. */
  maxPowerW: z.number().optional(),
});

const tokenRef = z.object({
  /** TokenId, or a keyed hash where the token is not one that we know. */
  id: z.string(),
  type: z.string().optional(),
  last4: z.string().optional(),
  group: z.string().optional(),
});
export type TokenRef = z.output<typeof tokenRef>;

const sample = z.object({
  measurand: z.string().optional(),
  value: z.string(),
  unit: z.string().optional(),
  multiplier: z.number().int().optional(),
  phase: z.string().optional(),
  location: z.string().optional(),
  context: z.string().optional(),
  signed: z.string().optional(),
  signedAs: z
    .object({ method: z.string().optional(), encoding: z.string().optional(), publicKey: z.string().optional() })
    .optional(),
});
const reading = z.object({ ...timed, samples: z.array(sample) });

const state = z.enum(['plugged', 'charging', 'suspendedEV', 'suspendedEVSE', 'idle']);
const connectorStatus = z.enum([
  'available',
  'preparing',
  'charging',
  'suspendedEV',
  'suspendedEVSE',
  'finishing',
  'reserved',
  'unavailable',
  'faulted',
  'occupied',
]);

// ---- the installation ----
/** A new operator. `starter`: a fresh open installation that may be given a tariff to begin with. */
export const tenantCreated = defineEvent({
  type: 'tenant.created',
  v: 1,
  data: z.object({ name: z.string(), currency: z.string(), starter: z.boolean() }),
});

/** The installation was restored from a backup: what happened after `backupAt` is not in this log, though it happened. */
export const platformRestored = defineEvent({
  type: 'platform.restored',
  v: 1,
  data: z.object({ restore: z.string(), backupAt: isoText, restoredAt: isoText, position: z.string() }),
});

// ---- the station's own ----
export const stationConnected = defineEvent({
  type: 'station.connected',
  v: 1,
  data: z.object({
    protocol: z.string(),
    generation: z.number().int(),
    address: z.string().optional(),
    /** How it came, which may be higher than it must. */
    securityProfile: z.number().int(),
    /** What it thought it dialled: the host of its request. */
    host: z.string().optional(),
    /** SHA-256 of the certificate that it showed. */
    certificate: z.string().optional(),
  }),
});
export const stationDisconnected = defineEvent({
  type: 'station.disconnected',
  v: 1,
  data: z.object({ generation: z.number().int(), code: z.number().int().optional(), reason: z.string().optional() }),
});
export const stationBooted = defineEvent({
  type: 'station.booted',
  v: 1,
  data: z.object({
    vendor: z.string(),
    model: z.string(),
    firmware: z.string().optional(),
    serial: z.string().optional(),
    meterType: z.string().optional(),
    meterSerial: z.string().optional(),
    iccid: z.string().optional(),
    imsi: z.string().optional(),
    reason: z.string().optional(),
    registration: z.enum(['accepted', 'pending', 'rejected']),
  }),
});
export const connectorChanged = defineEvent({
  type: 'connector.changed',
  v: 1,
  data: z.object({
    ...where,
    ...timed,
    status: connectorStatus,
    raw: z.string().optional(),
    error: z
      .object({
        code: z.string(),
        vendor: z.string().optional(),
        vendorCode: z.string().optional(),
        info: z.string().optional(),
      })
      .optional(),
  }),
});
/** Readings that belong to no session: EVSE 0, idle connectors, clock-aligned values between sessions. */
export const stationMetered = defineEvent({
  type: 'station.metered',
  v: 1,
  data: z.object({
    evse: z.number().int().optional(),
    connector: z.number().int().optional(),
    readings: z.array(reading),
  }),
});
export const tokenAttempted = defineEvent({
  type: 'token.attempted',
  v: 1,
  data: z.object({ token: tokenRef, status: z.string(), reason: z.string().optional() }),
});
/** A stop or reading that names a transaction nobody can be found for. Acknowledged, shown to the operator, not billed, not a session. */
export const transactionOrphaned = defineEvent({
  type: 'transaction.orphaned',
  v: 1,
  data: z.object({
    kind: z.enum(['ended', 'metered', 'updated']),
    transaction: z.string(),
    ...timed,
    evse: z.number().int().optional(),
    connector: z.number().int().optional(),
    token: tokenRef.optional(),
    meterStop: z.string().optional(),
    reason: z.string().optional(),
    readings: z.array(reading).optional(),
    candidates: z.array(z.string()),
  }),
});
export const stationDeviated = defineEvent({
  type: 'station.deviated',
  v: 1,
  data: z.object({
    action: z.string(),
    code: z.string(),
    path: z.string().optional(),
    detail: z.string().optional(),
    quirk: z.string().optional(),
  }),
});
export const stationNoted = defineEvent({
  type: 'station.noted',
  v: 1,
  data: z.object({ topic: z.string(), data: z.unknown() }),
});
export const securityNoted = defineEvent({
  type: 'security.noted',
  v: 1,
  data: z.object({
    kind: z.string(),
    origin: z.enum(['csms', 'station']),
    detail: z.string().optional(),
    /** Somebody is to look at it. */
    critical: z.boolean().optional(),
    /** So many of that kind had come since the last that was told, this one included; 1 where it is left out. */
    count: z.number().int().optional(),
    ...optionalTime,
  }),
});
const profile = z.object({
  id: z.number().int(),
  evse: z.number().int(),
  purpose: z.enum(['stationMax', 'txDefault', 'tx', 'external', 'priority', 'localGeneration']),
  stackLevel: z.number().int(),
});
/** A unit that the database refused for its content: kept raw, acknowledged, replayable. */
export const unitQuarantined = defineEvent({
  type: 'unit.quarantined',
  v: 1,
  data: z.object({ quarantine: z.string(), action: z.string().optional(), error: z.string() }),
});
export const commandChanged = defineEvent({
  type: 'command.changed',
  v: 1,
  data: z.object({
    command: z.string(),
    name: z.string(),
    status: z.enum(['queued', 'sent', 'accepted', 'rejected', 'timeout', 'failed', 'done']),
    detail: z.string().optional(),
    effect: z.string().optional(),
    /** It was accepted, and this is to be seen of it, by then. */
    awaits: z
      .object({
        what: z.enum([
          'session',
          'end',
          'boot',
          'connector',
          'availability',
          'firmware',
          'upload',
          'message',
          'connection',
          'profiles',
          'report',
          'publishing',
        ]),
        until: isoText,
        evse: z.number().int().optional(),
        connector: z.number().int().optional(),
        /** The states that the connector may come to. */
        statuses: z.array(z.string()).optional(),
        operative: z.boolean().optional(),
        session: z.string().optional(),
        request: z.number().int().optional(),
        /** Which of the station's charging profiles were asked for. */
        filter: profile.partial().optional(),
        message: z.string().optional(),
        /** SHA-256 of the certificate that the station is to come with. */
        certificate: z.string().optional(),
      })
      .optional(),
    /** What it awaited has failed, or was not seen in time: `detail` says which. */
    unseen: z.boolean().optional(),
  }),
});
/** How far a station is with new firmware; `request` names the command that asked for it, where the station says so. */
export const firmwareChanged = defineEvent({
  type: 'firmware.changed',
  v: 1,
  data: z.object({ status: z.string(), request: z.number().int().optional(), detail: z.string().optional() }),
});
/** How far a station is with sending diagnostics or a log. */
export const uploadChanged = defineEvent({
  type: 'upload.changed',
  v: 1,
  data: z.object({
    of: z.enum(['diagnostics', 'log']),
    status: z.string(),
    request: z.number().int().optional(),
    /** The status with what the station says of why (2.1). */
    detail: z.string().optional(),
  }),
});
/** A station has asked for a certificate, and what it was told. Whoever said yes delivers the chain. */
export const certificateRequested = defineEvent({
  type: 'certificate.requested',
  v: 1,
  data: z.object({
    csr: z.string(),
    accepted: z.boolean(),
    by: z.string().optional(),
    reason: z.string().optional(),
    /** What it is for, and the request that the chain is to name; none is the station's own to us. */
    use: z.enum(['station', 'v2g', 'v2g20']).optional(),
    request: z.number().int().optional(),
  }),
});
const reportPart = z.object({ request: z.number().int(), part: z.number().int(), last: z.boolean() });
export const variablesReported = defineEvent({
  type: 'station.variablesReported',
  v: 1,
  data: z.object({
    values: z.array(z.object({ name: z.string(), value: z.string().optional(), readonly: z.boolean().optional() })),
    /** They came as a part of this report. */
    report: reportPart.optional(),
  }),
});

/** A station of 2.x is on its way to another of its network profiles, has come by it, or has not. */
export const networkChanged = defineEvent({
  type: 'station.networkChanged',
  v: 1,
  data: z.object({
    command: z.string(),
    name: z.string(),
    /** `late`: it has not come in time; what it comes by is still looked at. */
    state: z.enum(['moving', 'moved', 'back', 'late']),
    slot: z.number().int(),
    /** The order of its slots before. */
    before: z.array(z.number().int()),
    drop: z.boolean(),
    url: z.string(),
    securityProfile: z.number().int(),
    /** How it came before, and on which connection it was told. */
    from: z.object({ securityProfile: z.number().int(), host: z.string().optional() }).optional(),
    generation: z.number().int(),
    until: isoText,
    detail: z.string().optional(),
  }),
});

const monitor = z.object({
  id: z.number().int(),
  variable: z.string(),
  kind: z.enum(['upper', 'lower', 'delta', 'periodic', 'clockAligned', 'targetDelta', 'targetDeltaRelative']),
  value: z.number(),
  severity: z.number().int(),
  transaction: z.boolean(),
  origin: z.string().optional(),
});
/** Monitors of variables that the station has taken from us, and those that it has no more. */
export const monitorsChanged = defineEvent({
  type: 'station.monitorsChanged',
  v: 1,
  data: z.object({ set: z.array(monitor), cleared: z.array(z.number().int()) }),
});
/** A part of what the station says of its monitors. */
export const monitorsReported = defineEvent({
  type: 'station.monitorsReported',
  v: 1,
  data: z.object({ monitors: z.array(monitor), report: reportPart }),
});
/** What a station of 2.x told of a variable by itself. */
export const deviceNoted = defineEvent({
  type: 'device.noted',
  v: 1,
  data: z.object({
    /** The station's own number of it. */
    id: z.number().int().optional(),
    variable: z.string(),
    value: z.string().optional(),
    trigger: z.enum(['alerting', 'delta', 'periodic']),
    /** What an earlier one told of is over. */
    cleared: z.boolean().optional(),
    /** Somebody is to look at it, or need not any more: it is of severity 0 to 3. */
    alert: z.boolean().optional(),
    severity: z.number().int().optional(),
    cause: z.number().int().optional(),
    code: z.string().optional(),
    info: z.string().optional(),
    transactionId: z.string().optional(),
    monitor: z.number().int().optional(),
    origin: z.string().optional(),
    /** So many like it had come since the last that was told, this one included; 1 where it is left out. */
    count: z.number().int().optional(),
    ...optionalTime,
  }),
});
/** That a part of what the station keeps of a driver came: what it says stands in no event, because the log is never erased. */
export const customerReported = defineEvent({
  type: 'station.customerReported',
  v: 1,
  data: z.object({
    report: z.object({ request: z.number().int(), part: z.number().int(), last: z.boolean() }),
    characters: z.number().int(),
  }),
});

/** Charging profiles that the station has taken from us, or has let go. */
export const profilesChanged = defineEvent({
  type: 'station.profilesChanged',
  v: 1,
  data: z.object({
    changes: z.array(z.union([z.object({ set: profile }), z.object({ cleared: profile.partial() })])),
  }),
});
/** Charging profiles that the station says it has at one EVSE from one source, CSO being us: whole, a part of what `readProfiles` asked for. */
export const profilesReported = defineEvent({
  type: 'station.profilesReported',
  v: 1,
  data: z.object({
    request: z.number().int(),
    evse: z.number().int(),
    source: z.string(),
    profiles: z.array(z.looseObject({ ...profile.omit({ evse: true }).shape })),
    more: z.boolean(),
  }),
});
const anything = z.record(z.string(), z.unknown());
/** The grid or an energy manager holds an EVSE (0: the station) to a limit, or no longer. */
export const externalLimitChanged = defineEvent({
  type: 'station.externalLimitChanged',
  v: 1,
  data: z.object({
    evse: z.number().int(),
    source: z.string(),
    cleared: z.boolean(),
    gridCritical: z.boolean().optional(),
    localGeneration: z.boolean().optional(),
    /** Charging schedules in neutral words; none where the station does not say how much it is held to. */
    schedules: z.array(anything).optional(),
  }),
});
/** What the vehicle at an EVSE asks for, and what it was told. */
export const chargingNeedsTold = defineEvent({
  type: 'station.chargingNeedsTold',
  v: 1,
  data: z.object({
    evse: z.number().int(),
    transaction: z.string().optional(),
    needs: z.looseObject({ transfer: z.string() }),
    decision: z.enum(['accept', 'later', 'refuse', 'nobody']),
    reason: z.string().optional(),
    by: z.string().optional(),
  }),
});
/** How the vehicle at an EVSE means to charge. */
export const vehicleScheduleTold = defineEvent({
  type: 'station.vehicleScheduleTold',
  v: 1,
  data: z.object({
    evse: z.number().int(),
    schedule: anything,
    selected: z.number().int().optional(),
    toleranceAccepted: z.boolean().optional(),
    ...optionalTime,
  }),
});
/** A transaction charges by its priority profile, or no longer: switched at the station. */
export const priorityChargingChanged = defineEvent({
  type: 'station.priorityChargingChanged',
  v: 1,
  data: z.object({ transaction: z.string(), active: z.boolean() }),
});
/** Something happened in the grid, or is over. Words are OCPP 2.1's. */
export const derAlarmChanged = defineEvent({
  type: 'station.derAlarmChanged',
  v: 1,
  data: z.object({
    control: z.string(),
    fault: z.string().optional(),
    ended: z.boolean(),
    info: z.string().optional(),
    ...optionalTime,
  }),
});
/** A rule of the grid code is followed, or no longer. */
export const derActiveChanged = defineEvent({
  type: 'station.derActiveChanged',
  v: 1,
  data: z.object({ id: z.string(), active: z.boolean(), superseded: z.array(z.string()), ...optionalTime }),
});
/** Rules of the grid code that the station says it has: a part of what `readDerControls` asked for. */
export const derControlsReported = defineEvent({
  type: 'station.derControlsReported',
  v: 1,
  data: z.object({
    request: z.number().int(),
    controls: z.array(
      z.object({
        id: z.string(),
        control: z.string(),
        isDefault: z.boolean().optional(),
        superseded: z.boolean().optional(),
        values: anything,
      }),
    ),
    more: z.boolean(),
  }),
});
/** `used`: a session has begun with it. Each is told with the whole reservation, so that a reader needs no other. */
export const reservationChanged = defineEvent({
  type: 'reservation.changed',
  v: 1,
  data: z.object({
    reservation: z.number().int(),
    status: z.enum(['accepted', 'cancelled', 'used', 'expired']),
    /** 0: any of the station's. */
    evse: z.number().int(),
    connector: z.number().int().optional(),
    token: tokenRef,
    expiresAt: isoText,
    command: z.string().optional(),
    place: place.optional(),
  }),
});
/** What part of a station is to be in or out of service: as an operator's command was accepted, or told once more after a boot. */
export const stationAvailabilityAsked = defineEvent({
  type: 'station.availabilityAsked',
  v: 1,
  data: z.object({
    /** 0: the whole station. */
    evse: z.number().int(),
    connector: z.number().int().optional(),
    operative: z.boolean(),
    command: z.string().optional(),
    again: z.literal(true).optional(),
  }),
});
/** What a station's answer, its dropping of the connection or the operator tells about one action that we send. */
export const stationLearned = defineEvent({
  type: 'station.learned',
  v: 1,
  data: z.object({
    action: z.string(),
    state: z.enum(['suspected', 'unsupported', 'allowed', 'supported']),
    by: z.enum(['answer', 'drop', 'operator']),
    detail: z.string().optional(),
  }),
});

// ---- sessions: what `evolve` folds ----
export const sessionRequested = defineEvent({
  type: 'session.requested',
  v: 1,
  data: z.object({
    evse: z.number().int().optional(),
    connector: z.number().int().optional(),
    token: tokenRef.optional(),
    remoteStartId: z.number().int().optional(),
    /** A partner's or app's own id of the request. */
    reference: z.string().optional(),
    /** By what way it was asked for: `adhoc` is a driver without a contract. */
    channel: z.string().optional(),
    /** The price that was shown and agreed to, by its id. */
    offer: z.string().optional(),
    expiresAt: isoText,
    command: z.string().optional(),
    place: place.optional(),
  }),
});
export const sessionPlugged = defineEvent({
  type: 'session.plugged',
  v: 1,
  data: z.object({ ...where, ...timed, place: place.optional() }),
});
export const sessionAuthorized = defineEvent({
  type: 'session.authorized',
  v: 1,
  data: z.object({
    token: tokenRef,
    by: z.string(),
    payer: z.string().optional(),
    reference: z.string().optional(),
    limits: z
      .object({
        wh: z.number().optional(),
        amount: decimalText.optional(),
        seconds: z.number().optional(),
        soc: z.number().optional(),
      })
      .optional(),
    offline: z.boolean().optional(),
  }),
});
export const sessionRefused = defineEvent({
  type: 'session.refused',
  v: 1,
  data: z.object({ token: tokenRef, status: z.string(), reason: z.string().optional(), by: z.string().optional() }),
});
export const sessionStarted = defineEvent({
  type: 'session.started',
  v: 1,
  data: z.object({
    ...where,
    ...timed,
    /** 1.6: the id that we gave; 2.x: the station's. */
    transaction: z.string().optional(),
    token: tokenRef.optional(),
    meterStart: z.string().optional(),
    seqNo: z.number().int().optional(),
    offline: z.boolean().optional(),
    /** 2.x: why the station told it, in its own word. */
    trigger: z.string().optional(),
    remoteStartId: z.number().int().optional(),
    reservation: z.number().int().optional(),
    /** Why we believe it: what the station said, or what we concluded. */
    evidence: z.enum(['station', 'estimated']),
    /** Equal for a repeated start; the nth equal one carries n. */
    content: z.string().optional(),
    n: z.number().int().optional(),
    /** The session of that EVSE which it ended by starting later. */
    supersedes: z.string().optional(),
    place: place.optional(),
  }),
});
/** The station's answer to its start has arrived: from here on it knows the transaction's id. */
export const sessionAnswered = defineEvent({
  type: 'session.answered',
  v: 1,
  data: z.object({ message: z.string().optional() }),
});
/**
 * 2.x: an event of the transaction that is neither its start nor its end, so that a repeat of it is known. One that brings readings
 * and nothing else of its own is told with those (`update` of `session.metered`).
 */
export const sessionUpdated = defineEvent({
  type: 'session.updated',
  v: 1,
  data: z.object({
    ...timed,
    seqNo: z.number().int(),
    content: z.string().optional(),
    /** 2.x: why the station told it, in its own word. */
    trigger: z.string().optional(),
    token: tokenRef.optional(),
    evse: z.number().int().optional(),
    connector: z.number().int().optional(),
    place: place.optional(),
  }),
});
/** Told where it is another state than before, or comes out of order. */
export const sessionStateChanged = defineEvent({
  type: 'session.stateChanged',
  v: 1,
  data: z.object({ ...timed, state, seqNo: z.number().int().optional() }),
});
export const sessionMetered = defineEvent({
  type: 'session.metered',
  v: 1,
  data: z.object({
    readings: z.array(reading),
    seqNo: z.number().int().optional(),
    source: z.enum(['transaction', 'connector']).optional(),
    /** 2.x: the event of the transaction that brought them, so that a repeat of it is known; its seqNo is that above. */
    update: z
      .object({ ...timed, content: z.string().optional(), trigger: z.string().optional(), state: state.optional() })
      .optional(),
  }),
});
export const sessionStopRequested = defineEvent({
  type: 'session.stopRequested',
  v: 1,
  data: z.object({ by: z.string(), reason: z.string().optional(), command: z.string().optional() }),
});
export const sessionEnded = defineEvent({
  type: 'session.ended',
  v: 1,
  data: z.object({
    ...timed,
    token: tokenRef.optional(),
    meterStop: z.string().optional(),
    reason: z.string().optional(),
    seqNo: z.number().int().optional(),
    evidence: z.enum(['station', 'estimated']),
    content: z.string().optional(),
    /** 2.x: why the station told it, in its own word. */
    trigger: z.string().optional(),
    /** 2.x, where the end is the first that is heard of the transaction. */
    transaction: z.string().optional(),
    /** 2.x, where nothing before it has named the EVSE. */
    evse: z.number().int().optional(),
    connector: z.number().int().optional(),
    place: place.optional(),
    /** The transaction id that the stop named instead of the session's own: it was found by what else it said. */
    said: z.string().optional(),
    /** Event id of the `transaction.orphaned` that this stop was kept as until its session was found. */
    orphan: z.string().optional(),
  }),
});
export const sessionUnplugged = defineEvent({
  type: 'session.unplugged',
  v: 1,
  data: z.object({ ...timed, seqNo: z.number().int().optional() }),
});
export const sessionExpired = defineEvent({ type: 'session.expired', v: 1, data: z.object({ reason: z.string() }) });
/** Something that does not fit: kept as evidence, shown to the operator. */
export const sessionFlagged = defineEvent({
  type: 'session.flagged',
  v: 1,
  data: z.object({
    flag: z.string(),
    detail: z.string().optional(),
    /** The reason is gone: the flag is taken back. */
    cleared: z.boolean().optional(),
  }),
});
/** The answer to `settle` where it asks to wait: the session closes then, and what happens until then is billed too. */
export const sessionSettled = defineEvent({
  type: 'session.settled',
  v: 1,
  data: z.object({ waitUntil: z.union([z.literal('unplug'), isoText]) }),
});

/** All that a bill needs, so that handlers work from the event alone. */
export const billable = z.object({
  evseId: z.string().optional(),
  connectorId: z.string().optional(),
  location: z.string().optional(),
  /** What the connector is rated for, where somebody has said it. */
  maxPowerW: z.number().optional(),
  /** IANA name of the location's zone. */
  timeZone: z.string(),
  token: tokenRef.optional(),
  /** From the authorization: who pays, the partner's reference. */
  payer: z.string().optional(),
  reference: z.string().optional(),
  /** Of the request, where it came by one: how it was asked for, and the price that was shown and agreed to. */
  channel: z.string().optional(),
  offer: z.string().optional(),
  startedAt: isoText,
  endedAt: isoText,
  stopReason: z.string().optional(),
  energyWh: z.number().int(),
  meterStartWh: z.number().int().optional(),
  meterStopWh: z.number().int().optional(),
  /** Cumulative energy since the start at each trusted moment, ascending: how it is distributed over time. */
  curve: z.array(z.object({ at: isoText, wh: z.number().int() })),
  /** Percent in the battery at each moment at which the station said it, ascending; absent where it never did. */
  soc: z.array(z.object({ at: isoText, percent: z.number() })).optional(),
  /** Without gaps from plug or start to unplug or end. */
  states: z.array(z.object({ state, from: isoText, to: isoText })),
  unpluggedAt: isoText.optional(),
  flags: z.array(z.string()),
  /** Not to be billed before an operator says so; the reasons are among the flags. */
  held: z.boolean(),
});
export type Billable = z.output<typeof billable>;
export type Place = z.output<typeof place>;
export type LoggedReading = z.output<typeof reading>;

/** `cdr: false`: it closes without a CDR (refused without energy, an empty repeated start). */
export const sessionClosed = defineEvent({
  type: 'session.closed',
  v: 1,
  data: z.object({ cdr: z.boolean(), billable }),
});
export const sessionCorrected = defineEvent({
  type: 'session.corrected',
  v: 1,
  data: z.object({
    /** Whether the session has a CDR as corrected; false where it closed without one and still has nothing to bill. */
    cdr: z.boolean().optional(),
    before: billable,
    after: billable,
  }),
});

/** What a closing or a correction leaves to be billed, and whether there is a CDR of it; undefined for any other event. */
export function closingOf(event: Recorded): { readonly billable: Billable; readonly cdr: boolean } | undefined {
  if (isEvent(sessionClosed, event)) return event.data;
  if (isEvent(sessionCorrected, event)) return { billable: event.data.after, cdr: event.data.cdr !== false };
  return undefined;
}
