import {
  chargingNeedsTold,
  type DataOf,
  derActiveChanged,
  derAlarmChanged,
  derControlsReported,
  externalLimitChanged,
  type Fact,
  iso,
  priorityChargingChanged,
  vehicleScheduleTold,
} from '@plugga/kit';
import type { NewEvent } from '../ports.ts';
import { judge, timed } from '../session/time.ts';
import type { Happened } from '../session/evolve.ts';
import type { Relayed } from './input.ts';
import { transactionOn } from './transaction-on.ts';
import type { UnitInTheMaking } from './unit.ts';

type Since<D> = D & { readonly since: string };

/** What holds and drives charging at a station beside the profiles of ours. */
export interface Charging {
  /** One for each EVSE and source; EVSE 0 is the station. */
  readonly limits?: readonly Since<Omit<DataOf<typeof externalLimitChanged>, 'cleared'>>[];
  /** What the vehicle at each EVSE asked for last, and how it means to charge. */
  readonly needs?: readonly Since<DataOf<typeof chargingNeedsTold>>[];
  readonly vehicle?: readonly Since<DataOf<typeof vehicleScheduleTold>>[];
  /** Transactions that charge by their priority profile. */
  readonly priority?: readonly string[];
  /** What goes on in the grid, by the rule that reacted. */
  readonly alarms?: readonly Since<DataOf<typeof derAlarmChanged>>[];
  /** Rules of the grid code that are followed now. */
  readonly following?: readonly Since<{ readonly id: string }>[];
  /** Rules that it has, as it reported them last. */
  readonly rules?: { readonly request: number; readonly controls: DataOf<typeof derControlsReported>['controls'] };
}

const MOST = 64;
const MOST_RULES = 200;
const replaced = <T>(list: readonly T[] | undefined, is: (it: T) => boolean, next: T | undefined): readonly T[] =>
  [...(list ?? []).filter((it) => !is(it)), ...(next === undefined ? [] : [next])].slice(-MOST);

const at = (event: Happened): string => iso(event.at);

/** How each event changes it. */
export const chargingAfter = {
  limit: (before: Charging, { cleared, ...limit }: DataOf<typeof externalLimitChanged>, event: Happened): Charging => ({
    ...before,
    limits: replaced(
      before.limits,
      (it) => it.evse === limit.evse && it.source === limit.source,
      cleared ? undefined : { ...limit, since: at(event) },
    ),
  }),
  needs: (before: Charging, needs: DataOf<typeof chargingNeedsTold>, event: Happened): Charging => ({
    ...before,
    needs: replaced(before.needs, ({ evse }) => evse === needs.evse, { ...needs, since: at(event) }),
  }),
  vehicle: (before: Charging, told: DataOf<typeof vehicleScheduleTold>, event: Happened): Charging => ({
    ...before,
    vehicle: replaced(before.vehicle, ({ evse }) => evse === told.evse, { ...told, since: at(event) }),
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
  rules: (before: Charging, { request, controls }: DataOf<typeof derControlsReported>): Charging => ({
    ...before,
    rules: {
      request,
      controls: [...(before.rules?.request === request ? before.rules.controls : []), ...controls].slice(-MOST_RULES),
    },
  }),
};

const KINDS = [
  ...(['externalLimit', 'externalLimitCleared', 'chargingNeeds', 'vehicleSchedule'] as const),
  ...(['priorityCharging', 'derAlarm', 'derActive', 'derReported'] as const),
];
type ChargingFact = Extract<Fact, { kind: (typeof KINDS)[number] }>;
export const isOfCharging = (fact: Fact): fact is ChargingFact => (KINDS as readonly string[]).includes(fact.kind);

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
      const { decision = 'nobody', reason } = relayed?.chargingNeeds ?? {};
      const transaction = transactionOn(unit.state, fact.evse);
      const needs = { ...fact.needs };
      return unit.say(chargingNeedsTold, { evse: fact.evse, transaction, needs, decision, reason, by: relayed?.by });
    }
    case 'vehicleSchedule': {
      const { kind: _, time, schedule, ...told } = fact;
      const judged = judge(time, now);
      return unit.say(vehicleScheduleTold, { ...told, schedule: { ...schedule }, ...timed(judged) });
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
