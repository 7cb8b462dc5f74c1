import { energyOf } from './energy.ts';
import { decisionOf, endOf, isFlagged, type Session, statusOf } from './session.ts';

interface Flag {
  /** What it means, for the operator. */
  readonly meaning: string;
  /** Not to be billed before an operator says so. */
  readonly holds: boolean;
  /** Read from what is known; the others stand in the log as `session.flagged`. */
  readonly when?: (session: Session) => boolean;
}

/** 2.x: a seqNo between the first and the last that were heard is missing. */
export function hasGap(session: Session): boolean {
  const { items, length } = session.heard;
  // As nearly always: in order, each the one before or the next. This is asked at every message.
  let inOrder = 1;
  while (inOrder < length && (items[inOrder]!.seqNo - items[inOrder - 1]!.seqNo) >>> 0 <= 1) inOrder += 1;
  if (inOrder >= length) return false;
  const seen = new Set<number>();
  for (let index = 0; index < length; index += 1) seen.add(items[index]!.seqNo);
  return Math.max(...seen) - Math.min(...seen) + 1 > seen.size;
}

/** Two different events of one seqNo: some stacks send 0 always, others begin anew inside a transaction. */
function repeatsSeqNo(session: Session): boolean {
  const { items, length } = session.heard;
  const known = new Map<number, string>();
  for (let index = 0; index < length; index += 1) {
    const { seqNo, key } = items[index]!;
    if ((known.get(seqNo) ?? key) !== key) return true;
    known.set(seqNo, key);
  }
  return false;
}

const conflicting = ({ ends }: Session): boolean =>
  ends.length > 1 &&
  (['meterStop', 'reason', 'token'] as const).some((key) => {
    const said = new Set(
      ends.filter((it) => it.evidence === 'station').map((it) => (key === 'token' ? it.token?.id : it[key])),
    );
    said.delete(undefined);
    return said.size > 1;
  });

/** Whether the restored session may have ended, and been billed, in the time that was lost: no stop of its own came since. */
const mayBeBilled = (session: Session): boolean => {
  const mark = session.flagged.get('restored');
  const end = endOf(session);
  return mark !== undefined && end !== undefined && (end.seq < mark.seq || end.linked || end.evidence === 'estimated');
};

const over = (session: Session): boolean => session.ends.length > 0;

/** It seemed to be no more than the end of the session before it, and nothing that came later says otherwise. */
export function isEmptyStart(session: Session): boolean {
  return isFlagged(session, 'emptyStart') && energyOf(session).wh === 0;
}

/** Every flag of a session: the one place that says what it means and whether it holds the session from billing. */
export const FLAGS = {
  noEvse: {
    meaning: 'Started at connector 0: which EVSE charged is not known',
    holds: true,
    when: (s) => s.started !== undefined && s.where === undefined,
  },
  estimatedStart: {
    meaning: 'No start was heard: concluded from what the station said later',
    holds: true,
    when: (s) => s.started?.evidence === 'estimated',
  },
  startMissing: {
    meaning: 'An end was heard and never a start',
    holds: true,
    when: (s) => s.started === undefined && over(s),
  },
  estimatedEnd: {
    meaning: 'No stop was heard: ended from its last register',
    holds: false,
    when: (s) => endOf(s)?.evidence === 'estimated',
  },
  unmetered: {
    meaning: 'No register at the end: the energy is not known',
    holds: true,
    when: (s) => over(s) && energyOf(s).stopWh === undefined,
  },
  registerFell: {
    meaning: "The stop's register is below the start's",
    holds: true,
    when: (s) => energyOf(s).fell,
  },
  stopBelowSample: {
    meaning: "The stop's register is below a reading before it",
    holds: true,
    when: (s) => energyOf(s).belowSample,
  },
  implausibleEnergy: {
    meaning: 'More energy than the connector can give in the time',
    holds: true,
    when: (s) => energyOf(s).implausible,
  },
  mixedRegisters: {
    meaning: 'Readings count from another zero than the start: only their differences were used',
    holds: false,
    when: (s) => energyOf(s).mixed,
  },
  unitUnknown: {
    meaning: 'Readings that do not fit the start and never say their unit, and no stop: Wh or kWh is not known',
    holds: true,
    when: (s) => over(s) && energyOf(s).unitUnknown,
  },
  unitAssumed: {
    meaning: 'A reading without a unit was given that of its neighbour',
    holds: false,
    when: (s) => energyOf(s).unitAssumed,
  },
  untrustedTime: {
    meaning: 'A time of the station was missing, unreadable, before 2010 or ahead of us: ours was taken',
    holds: false,
    when: (s) => s.untrustedTime,
  },
  endBeforeStart: {
    meaning: 'The station says that it stopped before it started',
    holds: false,
    when: (s) => s.started !== undefined && over(s) && endOf(s)!.at < s.started.at,
  },
  conflictingStop: {
    meaning: 'A second stop said something else; the first one stands',
    holds: false,
    when: conflicting,
  },
  seqGap: {
    meaning: 'Events of the transaction are missing',
    holds: false,
    when: (s) => over(s) && hasGap(s),
  },
  messagesInQueue: {
    meaning: 'Events of the transaction are missing, and the station says that it has more to tell',
    holds: false,
    when: (s) => isFlagged(s, 'messagesInQueue') && hasGap(s),
  },
  seqNoRepeated: {
    meaning: 'Different events of the transaction carry the same seqNo; all are kept',
    holds: false,
    when: (s) => over(s) && repeatsSeqNo(s),
  },
  refused: {
    meaning: 'Energy was given on a token that is refused: who pays is for the operator to say',
    holds: true,
    when: (s) => s.started !== undefined && decisionOf(s)?.accepted === false && energyOf(s).wh > 0,
  },
  requestRefused: {
    meaning:
      'Somebody asked to charge where this charge went on without a token, and the station refused: it is not theirs',
    holds: false,
  },
  offlineAuthorized: {
    meaning: 'Accepted by the offline rules while the database was away; nobody could be asked',
    holds: false,
    when: (s) => decisionOf(s)?.offline === true,
  },
  restored: {
    meaning: 'Unfinished in the backup that was restored: it may have ended and been billed before',
    holds: true,
    when: mayBeBilled,
  },
  suspect: { meaning: 'The station seems to have ended it without a stop; waiting for one', holds: false },
  superseded: { meaning: 'Ended by a later start at the same EVSE', holds: false },
  inexactMeter: { meaning: 'This make does not tell its energy to the watt-hour: see its dialect', holds: true },
  stopDoubted: {
    meaning: 'The stop that was found for it ends above where the next charge there began: it may be of another',
    holds: true,
  },
  linkedStop: { meaning: 'The stop did not name it and was found to be its own', holds: false },
  emptyStart: { meaning: 'A start that only ended the session before it', holds: false, when: isEmptyStart },
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof FLAGS;

const entries = Object.entries(FLAGS) as [FlagName, Flag][];

/** In the order of the table. */
export const flagsOf = (session: Session): readonly FlagName[] =>
  entries
    .filter(([name, { when }]) => (when === undefined ? isFlagged(session, name) : when(session)))
    .map(([name]) => name);

/** A suspicion that has led to an end is no longer one. */
export const shownFlags = (session: Session): readonly FlagName[] =>
  flagsOf(session).filter((name) => name !== 'suspect' || statusOf(session) === 'active');

export const isHeld = (session: Session): boolean => flagsOf(session).some((name) => FLAGS[name].holds);
