import {
  chargingNeedsTold,
  type DataOf,
  derActiveChanged,
  derAlarmChanged,
  derControlsReported,
  externalLimitChanged,
  type Fact,
  instantOf,
  iso,
  priorityChargingChanged,
  type SessionId,
  vehicleScheduleTold,
} from '@plugga/kit';
import { type Report, withPart } from '../device/reports.ts';
import type { NewEvent } from '../ports.ts';
import { isOpen } from '../session/session.ts';
import { judge, timed } from '../session/time.ts';
import type { Happened } from '../session/evolve.ts';
import type { Relayed } from './input.ts';
import { transactionOn } from './transaction-on.ts';
import type { UnitInTheMaking } from './unit.ts';

type Since<D> = D & { readonly since: string };
/** `session`: who asked, where somebody was there. */
type Asked = DataOf<typeof chargingNeedsTold> & { readonly session?: SessionId };

/** What holds and drives charging at a station beside the profiles of ours. */
export interface Charging {
  /** One for each EVSE and source; EVSE 0 is the station. */
  readonly limits?: readonly Since<Omit<DataOf<typeof externalLimitChanged>, 'cleared'>>[];
  /** What the vehicle at each EVSE asked for last, and how it means to charge. */
  readonly needs?: readonly Since<Asked>[];
  readonly vehicle?: readonly Since<DataOf<typeof vehicleScheduleTold>>[];
  /** Transactions that charge by their priority profile. */
  readonly priority?: readonly string[];
  /** What goes on in the grid, by the rule that reacted. */
  readonly alarms?: readonly Since<DataOf<typeof derAlarmChanged>>[];
  /** Rules of the grid code that are followed now. */
  readonly following?: readonly Since<{ readonly id: string }>[];
  /** Rules that it has, as it reported them last. */
  readonly rules?: Report<DataOf<typeof derControlsReported>['controls'][number]>;
}

const MOST = 64;
const MOST_RULES = 200;
/** Characters of one list, and of one entry that stands there as it was told: all of it is written with each of its messages. */
const MOST_CHARACTERS = 64 * 1024;
const LARGEST = 16 * 1024;
const MOST_PERIODS = 100;
const firstOf = (periods: unknown): unknown => (Array.isArray(periods) ? periods.slice(0, MOST_PERIODS) : []);
const sizeOf = (it: unknown): number => JSON.stringify(it).length;

/** The newest of them that there is room for. */
function newest<T>(list: readonly T[], most = MOST): readonly T[] {
  let room = MOST_CHARACTERS;
  const from = list.findLastIndex((it) => (room -= sizeOf(it)) < 0);
  return list.slice(Math.max(from + 1, list.length - most));
}

/** One that is too large to be kept stands there by its main words; the event has all of it. */
const replaced = <T>(
  list: readonly T[] | undefined,
  is: (it: T) => boolean,
  next: T | undefined,
  cut: (it: T) => T = (it) => it,
): readonly T[] => {
  const others = (list ?? []).filter((it) => !is(it));
  return newest(next === undefined ? others : [...others, sizeOf(next) > LARGEST ? cut(next) : next]);
};

const at = (event: Happened): string => iso(event.at);

/** How each event changes it. */
export const chargingAfter = {
  limit: (before: Charging, { cleared, ...limit }: DataOf<typeof externalLimitChanged>, event: Happened): Charging => ({
    ...before,
    limits: replaced(
      before.limits,
      (it) => it.evse === limit.evse && it.source === limit.source,
      cleared ? undefined : { ...limit, since: at(event) },
      ({ schedules: _, ...it }) => it,
    ),
  }),
  needs: (before: Charging, needs: DataOf<typeof chargingNeedsTold>, event: Happened): Charging => ({
    ...before,
    needs: replaced(
      before.needs,
      ({ evse }) => evse === needs.evse,
      { ...needs, since: at(event), ...(event.session !== undefined && { session: event.session }) },
      ({ needs: { v2x: _, der: __, offer: ___, available: ____, ...main }, ...it }) => ({ ...it, needs: main }),
    ),
  }),
  vehicle: (before: Charging, told: DataOf<typeof vehicleScheduleTold>, event: Happened): Charging => ({
    ...before,
    vehicle: replaced(
      before.vehicle,
      ({ evse }) => evse === told.evse,
      { ...told, since: at(event) },
      ({ schedule, ...it }) => ({ ...it, schedule: { ...schedule, periods: firstOf(schedule['periods']) } }),
    ),
  }),
  priority: (before: Charging, { transaction, active }: DataOf<typeof priorityChargingChanged>): Charging => ({
    ...before,
    priority: replaced(before.priority, (it) => it === transaction, active ? transaction : undefined),
  }),
  alarm: (before: Charging, alarm: DataOf<typeof derAlarmChanged>, event: Happened): Charging => ({
    ...before,
    alarms: replaced(
      before.alarms,
      ({ control, fault }) => control === alarm.control && (alarm.fault === undefined || fault === alarm.fault),
      alarm.ended ? undefined : { ...alarm, since: at(event) },
    ),
  }),
  active: (
    before: Charging,
    { id, active, superseded }: DataOf<typeof derActiveChanged>,
    event: Happened,
  ): Charging => ({
    ...before,
    following: replaced(
      before.following,
      (it) => it.id === id || superseded.includes(it.id),
      active ? { id, since: at(event) } : undefined,
    ),
  }),
  rules: (before: Charging, { request, controls, more }: DataOf<typeof derControlsReported>): Charging => {
    const known = before.rules === undefined ? [] : [before.rules];
    const report = withPart(known, { request, last: !more }, { items: controls }).at(-1)!;
    return { ...before, rules: { ...report, items: newest(report.items ?? [], MOST_RULES) } };
  },
};

const KINDS = [
  ...(['externalLimit', 'externalLimitCleared', 'chargingNeeds', 'vehicleSchedule'] as const),
  ...(['priorityCharging', 'derAlarm', 'derActive', 'derReported'] as const),
];
type ChargingFact = Extract<Fact, { kind: (typeof KINDS)[number] }>;
export const isOfCharging = (fact: Fact): fact is ChargingFact => (KINDS as readonly string[]).includes(fact.kind);

/** So long the needs of a vehicle hold that nobody saw plugged in. */
const ASKED_BEFORE_MS = 600_000;

/** A vehicle that asked before its transaction has one now: whoever promised a profile hears of its needs once more. */
export function needsOfStarted(unit: UnitInTheMaking, id: SessionId): void {
  const waiting = unit.state.charging?.needs?.filter((it) => it.decision === 'later' && it.transaction === undefined);
  if (waiting === undefined || waiting.length === 0) return;
  const session = unit.session(id);
  const transaction = session.transaction?.id;
  if (session.started === undefined || !isOpen(session) || transaction === undefined) return;
  const asked = waiting.find(
    (it) =>
      it.evse === session.where?.evse &&
      (it.session === undefined ? unit.env.now - instantOf(it.since) <= ASKED_BEFORE_MS : it.session === id),
  );
  if (asked === undefined) return;
  const { since: _, session: __, ...told } = asked;
  unit.say(chargingNeedsTold, { ...told, transaction }, { session: id });
}

/** What a station says of what holds and drives charging there. */
export function chargingHeard(
  unit: UnitInTheMaking,
  fact: ChargingFact,
  relayed: Relayed | undefined,
): NewEvent | undefined {
  const { now } = unit.env;
  switch (fact.kind) {
    case 'externalLimit': {
      const { kind: _, schedules, ...limit } = fact;
      return unit.say(externalLimitChanged, {
        ...limit,
        cleared: false,
        ...(schedules.length === 0 ? {} : { schedules: schedules.map((it) => ({ ...it })) }),
      });
    }
    case 'externalLimitCleared':
      return unit.say(externalLimitChanged, { evse: fact.evse, source: fact.source, cleared: true });
    case 'chargingNeeds': {
      const { decision = 'nobody' as const, reason } = relayed?.chargingNeeds ?? {};
      const { evse } = fact;
      const transaction = transactionOn(unit.state, evse);
      const told = { evse, transaction, needs: { ...fact.needs }, decision, reason, by: relayed?.by };
      const session = unit.state.sessions.findLast((it) => it.where?.evse === evse && isOpen(it))?.id;
      return unit.say(chargingNeedsTold, told, session === undefined ? {} : { session });
    }
    case 'vehicleSchedule': {
      const { kind: _, time, schedule, ...told } = fact;
      const judged = judge(time, now);
      const { decision, reason } = relayed?.vehicleSchedule ?? {};
      return unit.say(vehicleScheduleTold, {
        ...{ ...told, schedule: { ...schedule }, ...timed(judged) },
        ...(decision !== undefined && { decision, reason, by: relayed?.by }),
      });
    }
    case 'priorityCharging':
      return unit.say(priorityChargingChanged, { transaction: fact.transactionId, active: fact.active });
    case 'derAlarm': {
      const { kind: _, time, ...alarm } = fact;
      const judged = judge(time, now);
      return unit.say(derAlarmChanged, { ...alarm, ...timed(judged) }, { at: judged.at });
    }
    case 'derActive': {
      const { kind: _, time, superseded, ...rest } = fact;
      const judged = judge(time, now);
      return unit.say(derActiveChanged, { ...rest, superseded: [...superseded], ...timed(judged) }, { at: judged.at });
    }
    case 'derReported': {
      const { kind: _, controls, ...rest } = fact;
      return unit.say(derControlsReported, { ...rest, controls: controls.map((it) => ({ ...it })) });
    }
    default:
      fact satisfies never;
      return undefined;
  }
}
