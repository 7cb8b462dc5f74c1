import { priceMutants } from './prices.ts';

/** One place of the source where a rule is kept, and what stands there once it is switched off. */
export interface Edit {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A rule that is switched off, and the tests that must notice. */
export interface Mutant {
  readonly rule: string;
  /** What the platform would do. */
  readonly means: string;
  readonly edits: readonly Edit[];
  /** Test file and the whole titles of the tests there, as vitest prints them. */
  readonly killers: Readonly<Record<string, readonly string[]>>;
  /** Seeds of the simulation that notice by themselves: they are asked first. */
  readonly seeds?: readonly number[];
  /** Why no seed can notice. */
  readonly blind?: string;
}

/** The rules that "nothing is lost, nothing is billed twice" stands on, and those of our own above OCPI. */
export const mutants: readonly Mutant[] = [
  {
    rule: 'content key',
    means: 'a StartTransaction that is told again is another transaction',
    edits: [
      {
        file: 'core/src/session/heard/started.ts',
        find: `if (known !== undefined && repeats(unit.state, known, judged.source === 'station')) {`,
        replace: 'if (known !== undefined && known.id === undefined) {',
      },
    ],
    killers: {
      'core/src/session/starts.test.ts': [
        'a repeated start is the same transaction by content > gets the same transaction id with another message id',
        'a repeated start is the same transaction by content > across our restarts, after its meter values and after its stop',
      ],
    },
  },
  {
    rule: 'commit before answer',
    means: 'a message is answered while its commit is under way',
    edits: [
      {
        file: 'core/src/station/actor.ts',
        find: '? await storeUnit(unitOf(handled, from)) : STORED;',
        replace: '? (void storeUnit(unitOf(handled, from)), STORED) : STORED;',
      },
    ],
    killers: {
      'core/src/station/actor.test.ts': [
        'a message is answered after its commit, and changes nothing before',
        'what could not be stored is not answered, and the station is told to come back',
      ],
    },
  },
  {
    rule: 'generation fence',
    means: 'what an older connection still says is handled and answered, and its late close ends the newer one',
    edits: [
      {
        file: 'core/src/station/actor.ts',
        find: 'stopped === undefined && conversation?.generation === call.generation;',
        replace: 'stopped === undefined;',
      },
      {
        file: 'core/src/station/actor.ts',
        find: 'if (talk === undefined || talk.generation !== call.generation) return Promise.resolve(SILENT);',
        replace: 'if (talk === undefined) return Promise.resolve(SILENT);',
      },
      {
        file: 'core/src/station/actor.ts',
        find: 'if (conversation?.generation !== generation) return;\n      conversation = undefined;',
        replace: 'conversation = undefined;',
      },
    ],
    killers: {
      'core/src/station/actor.test.ts': [
        'what an older connection still says is neither handled nor answered, also when it was in the queue already',
        'the late close of an older connection leaves the newer one',
      ],
    },
  },
  {
    rule: 'first stop stands',
    means: 'of two stops of the station the last one counts',
    edits: [
      {
        file: 'core/src/session/evolve.ts',
        find: `if (a.evidence === 'station') return a.seqNo - b.seqNo || a.seq - b.seq;`,
        replace: `if (a.evidence === 'station') return b.seqNo - a.seqNo || b.seq - a.seq;`,
      },
    ],
    killers: {
      'core/src/session/stops.test.ts': [
        'a second stop > changes nothing the first said, and what differs is kept as conflicting evidence',
      ],
      'core/src/session/fold.test.ts': ['the fold > takes the stop of the lowest seqNo, then the first in the log'],
    },
  },
  {
    rule: 'log lock',
    means: 'who appends draws ids without the lock: order of ids is not order of commits',
    edits: [
      {
        file: 'core/src/db/commit-statement.ts',
        find: 'with locked as materialized (select pg_advisory_xact_lock(${logLock})),',
        replace: 'with locked as materialized (select ${logLock}),',
      },
      {
        file: 'core/src/db/emitted.ts',
        find: 'export const lockLog = `select pg_advisory_xact_lock(${logLock})`;',
        replace: 'export const lockLog = `select ${logLock}`;',
      },
    ],
    blind: 'its statements leave one after the other',
    killers: {
      'core/src/db/log.test.ts': [
        'who appends waits for whoever appended before, until that is committed > a unit for a unit, so that no reader passes what is not committed yet',
        'who appends waits for whoever appended before, until that is committed > a plugin for a plugin, so that no reader passes what is not committed yet',
      ],
    },
  },
  {
    rule: "cursor in the handler's transaction",
    means: 'what a plugin did is committed first, its cursor in a transaction of its own afterwards',
    edits: [
      {
        file: 'core/src/events/lane.ts',
        find: 'await transaction.commit([...held.values(), moveCursor(plugin, end)]);',
        replace: `await transaction.commit([...held.values()]);
      const apart = await begin(deps, { tenant: '*' });
      await apart.commit([moveCursor(plugin, end)]);`,
      },
    ],
    killers: {
      'core/src/events/delivery.test.ts': ['delivery > what was committed though nobody was told is not done again'],
    },
  },
  {
    rule: 'trusted clock',
    means: 'every time that can be read is believed: of 1970, of next year',
    edits: [
      {
        file: 'core/src/session/time.ts',
        find: 'if (at !== undefined && at >= TRUSTED_FROM && at <= receivedAt)',
        replace: 'if (at !== undefined)',
      },
    ],
    killers: {
      'core/src/session/time.test.ts': ['a time of the station > is trusted from 2010 until now'],
      'core/src/session/starts.test.ts': [
        'a repeated start is the same transaction by content > with an untrusted clock a stop makes the next equal start a new one',
        'a repeated start is the same transaction by content > with an untrusted clock another start on the connector does so too',
      ],
    },
  },
  {
    rule: 'resolve order',
    means: 'a start takes the session that the plug opened before the request that it answers',
    edits: [
      {
        file: 'core/src/session/resolve.ts',
        find: '  if (requested !== undefined) return requested;\n',
        replace: '',
      },
      {
        file: 'core/src/session/resolve.ts',
        find: 'return unstarted ?? waiting.findLast((it) => isAt(it, start) && fits(it, start.token) && holdsPlug(it, start.at));',
        replace:
          'return unstarted ?? waiting.findLast((it) => isAt(it, start) && fits(it, start.token) && holdsPlug(it, start.at)) ?? requested;',
      },
    ],
    killers: {
      'core/src/session/starts.test.ts': [
        'a start belongs > and one that takes a request expires the plug’s own pending session there, and keeps its plug',
      ],
    },
  },
  {
    rule: 'journal seq rule',
    means: 'a unit of the journal whose seq another node has taken meanwhile is left out',
    edits: [
      {
        file: 'core/src/db/drain.ts',
        find: "if (committed.kind === 'fenced') await merge(unit);",
        replace: "if (committed.kind === 'fenced') void unit;",
      },
    ],
    blind: 'there is one node at a time',
    killers: {
      'core/src/db/ladder.test.ts': [
        'journal seq rule > the same unit at its seq is stored already; where another unit has its seq it is appended at the next free one, marked',
      ],
    },
  },
  {
    rule: 'quarantine',
    means: 'a unit that the database refuses is acknowledged and kept nowhere',
    edits: [
      {
        file: 'core/src/db/committer.ts',
        find: 'return await quarantine(unit, error).then(resolve, reject);',
        replace: `return resolve({ kind: 'quarantined', id: '' });`,
      },
    ],
    killers: {
      'core/src/db/store.test.ts': [
        "the committer > a unit that PostgreSQL refuses goes to quarantine with its raw frame, the batch's others are stored",
      ],
    },
  },
  {
    rule: 'late status as history',
    means: 'a status that comes late is what the connector is now',
    edits: [
      {
        file: 'core/src/station/evolve.ts',
        find: 'const newest = known === undefined || at >= known.at || known.at > receivedAt;',
        replace: 'const newest = true;',
      },
      {
        file: 'core/src/session/heard/status.ts',
        find: 'const isNewest = before === undefined || at >= before.at || before.at > env.now;',
        replace: 'const isNewest = true;',
      },
    ],
    killers: {
      'core/src/session/connector.test.ts': [
        'a connector’s state > is the newest by the station’s own time, however late it comes',
      ],
      'core/src/session/starts.test.ts': ['a plug > of before opens none: it tells what was'],
    },
  },
  {
    rule: 'settle',
    means: 'a session closes at once, whatever a plugin asks to wait for',
    edits: [
      {
        file: 'core/src/session/decide.ts',
        find: `const waitsForUnplug = !complete || session.settled?.waitUntil === 'unplug';`,
        replace: 'const waitsForUnplug = !complete;',
      },
      {
        file: 'core/src/session/timers.ts',
        find: `if (end.evidence === 'estimated' || hasGap(session) || settled?.waitUntil === 'unplug') return later(atLast, soon);
  if (settled !== undefined) return later(soon, earlier(atLast, settled.waitUntil as Instant));
  return soon;`,
        replace: `if (end.evidence === 'estimated' || hasGap(session)) return later(atLast, soon);
  return soon;`,
      },
    ],
    killers: {
      'core/src/session/closing.test.ts': [
        'closing > waits for the unplug where a tariff prices the time after the end, and bills it',
        'closing > waits until the time that a plugin asks for',
      ],
    },
  },
  ...priceMutants,
  {
    rule: 'repeated event',
    means: 'a TransactionEvent that is told again is another one',
    edits: [
      {
        file: 'core/src/session/heard/transaction-event.ts',
        find: 'if (known !== undefined && main !== undefined && isRepeat(known, main)) return known.id;',
        replace: '',
      },
    ],
    killers: {
      'core/src/session/transaction-event.test.ts': ['a 2.x transaction > keeps every event once'],
    },
  },
  {
    rule: 'equal seqNo',
    means: 'an event of a seqNo that was heard is a repeat, whatever it says',
    edits: [
      {
        file: 'core/src/session/heard/transaction-event.ts',
        find: 'if (heard.seqNo === seqNo && heard.key === key) return true;',
        replace: 'if (heard.seqNo === seqNo) return true;',
      },
    ],
    killers: {
      'core/src/session/transaction-event.test.ts': [
        'a 2.x transaction > does not take equal seqNo with other content for a repeat: a real stack sends 0 always',
      ],
    },
  },
  {
    rule: 'gap asked',
    means: 'a station is never asked about an event that is missing',
    edits: [
      {
        file: 'core/src/session/gap.ts',
        find: '  if (!hasGap(session)) return undefined;',
        replace: '  if (hasGap(session) || !hasGap(session)) return undefined;',
      },
    ],
    killers: {
      'core/src/session/transaction-event.test.ts': [
        'a 2.x transaction > with a missing seqNo is asked about once a minute has passed, and not where none is missing',
        'a 2.x transaction > with more to tell stays open after its unplug, is asked again, and closes when it is whole',
      ],
    },
  },
  {
    rule: 'end without a start',
    means: 'what began nobody knows when is billed from the first reading that was heard',
    edits: [
      {
        file: 'core/src/session/flags.ts',
        find: `said later',
    holds: true,`,
        replace: `said later',
    holds: false,`,
      },
      {
        file: 'core/src/session/flags.ts',
        find: `never a start',
    holds: true,`,
        replace: `never a start',
    holds: false,`,
      },
    ],
    killers: {
      'core/src/session/transaction-event.test.ts': [
        'a 2.x transaction > whose start was never heard ends all the same, and is held',
      ],
    },
  },
  {
    rule: 'EVSE told late',
    means: 'a transaction stays at no EVSE where its start named none',
    edits: [
      {
        file: 'core/src/session/heard/transaction-event.ts',
        find: 'trigger, token, evse, connector, place },',
        replace: 'trigger, token },',
      },
      {
        file: 'core/src/session/heard/transaction-event.ts',
        find: 'const isNowhere = unit.state.sessions.find((it) => it.id === session)?.where === undefined;',
        replace: 'const isNowhere = false;',
      },
    ],
    killers: {
      'core/src/session/transaction-event.test.ts': [
        'a 2.x transaction > that began before its EVSE was chosen takes the plug there and ends what was open',
        'a 2.x transaction > is where its end says, if nothing before it did',
      ],
    },
  },
  {
    rule: 'second end',
    means: 'of two ends of a 2.x transaction the register of the last one counts',
    edits: [
      {
        file: 'core/src/session/energy.ts',
        find: '(it.seqNo - first.seqNo || it.seq - first.seq) < 0 ? it : first;',
        replace: '(it.seqNo - first.seqNo || it.seq - first.seq) > 0 ? it : first;',
      },
    ],
    killers: {
      'core/src/session/transaction-event.test.ts': [
        'a 2.x transaction > ends once: what a second end says otherwise changes nothing',
      ],
    },
  },
  {
    rule: 'missing event',
    means: 'a transaction of which an event is missing closes as any other',
    edits: [
      {
        file: 'core/src/session/decide.ts',
        find: `const complete = end.evidence === 'station' && !hasGap(session);`,
        replace: `const complete = end.evidence === 'station';`,
      },
      {
        file: 'core/src/session/timers.ts',
        find: `if (end.evidence === 'estimated' || hasGap(session) || settled?.waitUntil === 'unplug')`,
        replace: `if (end.evidence === 'estimated' || settled?.waitUntil === 'unplug')`,
      },
      {
        file: 'core/src/station/hear.ts',
        find: `if (end.evidence === 'station' && !hasGap(session)) sayClosed(unit, session);`,
        replace: `if (end.evidence === 'station') sayClosed(unit, session);`,
      },
    ],
    killers: {
      'core/src/session/transaction-event.test.ts': [
        'a 2.x transaction > with a missing seqNo waits for it, and closes when it comes',
        'a 2.x transaction > with a missing seqNo closes at the unplug',
      ],
    },
  },
  {
    rule: 'id used again',
    means: 'a start of an id that was used before belongs to the transaction of before',
    edits: [
      {
        file: 'core/src/session/heard/transaction-event.ts',
        find: 'if (end !== undefined) return at > end.at;',
        replace: 'if (end !== undefined) return at < 0;',
      },
      {
        file: 'core/src/session/heard/transaction-event.ts',
        find: `return at > last && (isFlagged(session, 'suspect')`,
        replace: `return at < 0 && (isFlagged(session, 'suspect')`,
      },
    ],
    killers: {
      'core/src/session/transaction-event.test.ts': [
        'a 2.x transaction > of an id that was used before is another when its start is later than the end',
        'a 2.x transaction > of an id that was used before is another when the station has lost its memory, and never told the end',
      ],
    },
  },
  {
    rule: 'remoteStartId',
    means: 'a start that answers a command is known for it by its token alone',
    edits: [
      {
        file: 'core/src/session/resolve.ts',
        find: 'if (start.remoteStartId !== undefined) {',
        replace: 'if (start.remoteStartId !== undefined && waiting.length < 0) {',
      },
      {
        file: 'core/src/session/heard/transaction-event.ts',
        find: 'if (remoteStartId === undefined || unit.session(session).request !== undefined) return;',
        replace: 'if (remoteStartId === undefined || unit.session(session).id !== undefined) return;',
      },
    ],
    killers: {
      'core/src/session/transaction-event.test.ts': [
        'a remoteStartId > that comes with another session’s event moves the request to that session',
      ],
    },
  },
  {
    rule: 'token told late',
    means: 'the token that an event after the start shows is nobody’s',
    edits: [
      {
        file: 'core/src/session/evolve.ts',
        find: `  if (data.token === undefined || data.trigger === 'StopAuthorized') return next;\n`,
        replace: '  if (next !== undefined) return next;\n',
      },
      {
        file: 'core/src/session/heard/transaction-event.ts',
        find: `if (fact.token !== undefined && fact.kind !== 'ended')`,
        replace: `if (fact.token !== undefined && fact.kind === 'started')`,
      },
    ],
    killers: {
      'core/src/session/transaction-event.test.ts': [
        'a 2.x transaction > may be plugged in first and get its token later',
      ],
    },
  },
  {
    rule: 'unit left out',
    means: 'a reading without a unit is in Wh, whatever unit the others say',
    edits: [
      {
        file: 'core/src/session/energy.ts',
        find: 'unitlessWh(sample, own.get(sample.rank) ?? any)',
        replace: 'unitlessWh(sample, undefined)',
      },
      {
        file: 'core/src/session/energy.ts',
        find: 'unitlessWh(sample, unit ?? others)',
        replace: 'unitlessWh(sample, undefined)',
      },
    ],
    killers: {
      'core/src/session/transaction-event.test.ts': [
        'a 2.x transaction > takes the unit of its neighbours where the end leaves it out',
      ],
      'core/src/session/energy.test.ts': ['energy > gives a sample without unit that of the nearest earlier one'],
    },
  },
  {
    rule: 'tokenless stop',
    means: 'a stop that shows no token is of the session whose start was not answered, whatever else it fits',
    edits: [
      {
        file: 'core/src/session/resolve.ts',
        find: 'if (unanswered.length > 0 && stop.token === undefined)',
        replace: 'if (unanswered.length > 99 && stop.token === undefined)',
      },
    ],
    killers: {
      'core/src/session/stops.test.ts': [
        'a stop that names -1 > shows no token and may be of another connector is an orphan: some makes never name what they stop',
      ],
    },
  },
];
