import type {
  Call,
  ChargingProfile,
  CommandResult,
  CommandTable,
  InstalledProfile,
  Outbound,
  RateUnit,
  StationView,
  Step,
} from '@plugga/kit';
import type { Members } from './members.ts';
import { isAnswered, resultOf } from './plan.ts';
import { refuse } from './refuse.ts';

type Limit = CommandTable['limit'];
interface Todo {
  readonly evse: number;
  readonly profile: ChargingProfile;
  readonly transaction?: string;
}
type State =
  | {
      readonly does: 'set';
      readonly now: Todo;
      readonly left: readonly Todo[];
      readonly set: readonly InstalledProfile[];
    }
  | { readonly does: 'clear'; readonly left: readonly number[]; readonly ids: readonly number[] };

/** How one version says what a limit is made of. */
export interface LimitWords {
  send(action: string, payload: unknown, state: unknown): Step;
  set(todo: Todo): Call;
  clear(id: number): Call;
  isSet(answer: Members): CommandResult;
  isCleared(answer: Members): CommandResult;
  fault(profile: ChargingProfile, evse: number, station: StationView): string | undefined;
  units(station: StationView): { readonly units: readonly RateUnit[]; readonly name: string };
  /** The highest level is the one that counts. A station that has not said how many it has surely has level 0. */
  level(station: StationView): number;
}

/** Ids of our own limits: a place and a purpose have one, so that the next limit takes the place of the one before. */
const FIRST_ID = 900_000_000;
const idOf = (evse: number, purpose: ChargingProfile['purpose']): number =>
  FIRST_ID + evse * 10 + ['stationMax', 'txDefault', 'tx'].indexOf(purpose);
const idsAt = (evse: number): readonly number[] =>
  evse === 0 ? [idOf(0, 'stationMax')] : [idOf(evse, 'tx'), idOf(evse, 'txDefault')];

const one = (limit: number): number => Math.floor(limit * 10 + 1e-6) / 10;

/** A limit as charging profiles of ours: the whole station's, or an EVSE's default and its running transaction's. */
export const limitBy = (words: LimitWords): Outbound<Limit> => {
  /** In the unit that is named and the station takes; as text why not. */
  const rateOf = ({ watts, amperes }: Limit, station: StationView) => {
    const { units, name } = words.units(station);
    if (typeof amperes === 'number' && units.includes('A')) return { unit: 'A' as const, limit: one(amperes) };
    if (typeof watts === 'number' && units.includes('W')) return { unit: 'W' as const, limit: one(watts) };
    return `the station takes limits in ${units.join(', ')} only (${name})`;
  };

  const todoOf = (limit: Limit, station: StationView): readonly Todo[] | string => {
    const { evse = 0, at } = limit;
    const rate = rateOf(limit, station);
    if (typeof rate === 'string') return rate;
    const { unit, limit: most } = rate;
    const make = (purpose: ChargingProfile['purpose']): ChargingProfile => ({
      id: idOf(evse, purpose),
      purpose,
      stackLevel: words.level(station),
      kind: purpose === 'stationMax' ? 'absolute' : 'relative',
      schedule: {
        unit,
        ...(purpose === 'stationMax' && at !== undefined && { start: at }),
        periods: [{ start: 0, limit: most }],
      },
    });
    if (evse === 0) return [{ evse, profile: make('stationMax') }];
    const transaction = station.transactionOn(evse);
    // A default does not reach the transaction that is running (1.6 section 3.13.1): that one gets its own first.
    return [
      ...(transaction === undefined ? [] : [{ evse, profile: make('tx'), transaction }]),
      { evse, profile: make('txDefault') },
    ];
  };

  const set = (left: readonly Todo[], done: readonly InstalledProfile[]): Step => {
    const [now, ...rest] = left;
    if (now === undefined) return { done: { status: 'accepted', profiles: done.map((it) => ({ set: it })) } };
    const { action, payload } = words.set(now);
    return words.send(action, payload, { does: 'set', now, left: rest, set: done } satisfies State);
  };

  const clear = (left: readonly number[], ids: readonly number[]): Step => {
    const [id, ...rest] = left;
    if (id === undefined) return { done: { status: 'accepted', profiles: ids.map((it) => ({ cleared: { id: it } })) } };
    const { action, payload } = words.clear(id);
    return words.send(action, payload, { does: 'clear', left: rest, ids } satisfies State);
  };

  /** What was set before the refusal stands, and is said. */
  const stopped = (result: CommandResult, done: readonly InstalledProfile[]): Step => ({
    done: isAnswered(result) && done.length > 0 ? { ...result, profiles: done.map((it) => ({ set: it })) } : result,
  });

  return {
    start: (wanted, station) => {
      const { evse = 0, watts, amperes } = wanted;
      if (typeof watts !== 'number' && typeof amperes !== 'number')
        return watts === null || amperes === null
          ? clear(idsAt(evse), idsAt(evse))
          : refuse('a limit names watts or amperes');
      const todo = todoOf(wanted, station);
      if (typeof todo === 'string') return refuse(todo);
      const fault = todo.map((it) => words.fault(it.profile, it.evse, station)).find((it) => it !== undefined);
      return fault === undefined ? set(todo, []) : refuse(fault);
    },
    next: (raw, answer) => {
      const state = raw as State;
      if (state.does === 'clear') {
        const result = resultOf(answer, words.isCleared);
        return result.status === 'accepted' ? clear(state.left, state.ids) : { done: result };
      }
      const result = resultOf(answer, words.isSet);
      if (result.status !== 'accepted') return stopped(result, state.set);
      const { id, purpose, stackLevel } = state.now.profile;
      return set(state.left, [...state.set, { id, evse: state.now.evse, purpose, stackLevel }]);
    },
  };
};
