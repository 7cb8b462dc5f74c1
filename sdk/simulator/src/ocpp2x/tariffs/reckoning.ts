import { holds, type Moment } from './conditions.ts';
import { compare, decimal, type Exact, int, none, over, plus, times } from './exact.ts';
import type { Wall } from './local-time.ts';
import { piecesOf } from './stretches.ts';
import { type Bound, type Part, parts, type Price, type Reckonable } from './tariff.ts';

/** Of what the wire carries: amounts are numbers there. */
const PLACES = 6;
/** Of what the ledger keeps. */
const EXACT_PLACES = 20;
const thousand = int(1_000);
const minute = int(60_000);

interface Amount {
  readonly net: Exact;
  readonly gross: Exact;
}
interface Period {
  readonly at: number;
  readonly tariffId: string;
  readonly key: readonly (Price | undefined)[];
  wh: Exact;
  chargingMs: Exact;
  idleMs: Exact;
}

/** What a transaction comes to by its tariff, as the station itself reckons it (OCPP 2.1, I12). */
export interface Reckoning {
  /** What has been since the last time: the register since the beginning, and whether the car took nothing. */
  advance(now: { readonly at: number; readonly wh: number; readonly idle: boolean }): void;
  /** Goes on by another tariff from here. */
  change(tariff: Reckonable): void;
  /** Whether nothing has been priced but the fee of its beginning. */
  readonly fresh: boolean;
  total(): { readonly exclTax: string; readonly inclTax: string };
  /** Whether the cost, tax included, has come to that much. */
  reaches(cost: Exact): boolean;
  /** `costDetails`; its periods only at the end. */
  details(final: boolean, stamp: (at: number) => string): Record<string, unknown>;
  readonly tariff: Reckonable;
}

const nothing: Amount = { net: none, gross: none };
const sum = (a: Amount, b: Amount): Amount => ({ net: plus(a.net, b.net), gross: plus(a.gross, b.gross) });
const number = (value: Exact): number => Number(decimal(value, PLACES));

/** Not below the least, not above the most; where only one side is bounded the other follows. */
const bounded = (of: Amount, bound: Bound | undefined, passes: (value: Exact, limit: Exact) => boolean): Amount => {
  if (bound === undefined) return of;
  const net = bound.net !== undefined && passes(of.net, bound.net) ? bound.net : of.net;
  const gross = bound.gross !== undefined && passes(of.gross, bound.gross) ? bound.gross : of.gross;
  const [netMoved, grossMoved] = [compare(net, of.net) !== 0, compare(gross, of.gross) !== 0];
  if (netMoved && bound.gross === undefined && compare(of.net, none) > 0)
    return { net, gross: over(times(of.gross, net), of.net) };
  if (grossMoved && bound.net === undefined && compare(of.gross, none) > 0)
    return { net: over(times(of.net, gross), of.gross), gross };
  return { net, gross };
};

export const reckoning = (o: {
  readonly tariff: Reckonable;
  readonly startedAt: number;
  readonly wall: (at: number) => Wall;
  readonly evseKind: 'AC' | 'DC';
}): Reckoning => {
  const costs = new Map<Part, Amount>();
  const periods: Period[] = [];
  let tariff = o.tariff;
  let last = { at: o.startedAt, wh: 0 };
  let [chargingMs, idleMs] = [none, none];

  const priceAt = (part: Part, moment: Moment): Price | undefined =>
    tariff.of[part]?.prices.find(({ when }) => holds(when, moment));
  const add = (part: Part, price: Price | undefined, volume: Exact): void => {
    if (price === undefined) return;
    const net = times(price.price, volume);
    const gross = times(net, tariff.of[part]?.gross ?? int(1));
    costs.set(part, sum(costs.get(part) ?? nothing, { net, gross }));
  };
  // A fee is that of the beginning, whatever comes after.
  const zero = { Energy: none, Power: none, Current: none, Time: none, ChargingTime: none, IdleTime: none };
  const start: Moment = { wall: () => o.wall(o.startedAt), measured: zero, evseKind: o.evseKind };
  add('fixedFee', priceAt('fixedFee', start), int(1));

  const limited = (): Amount & { readonly type: string } => {
    const all = [...costs.values()].reduce(sum, nothing);
    const least = bounded(all, tariff.min, (value, limit) => compare(value, limit) < 0);
    const most = bounded(least, tariff.max, (value, limit) => compare(value, limit) > 0);
    const moved = (a: Amount, b: Amount): boolean => compare(a.net, b.net) !== 0 || compare(a.gross, b.gross) !== 0;
    return { ...most, type: moved(least, most) ? 'MaxCost' : moved(all, least) ? 'MinCost' : 'NormalCost' };
  };

  return {
    get tariff() {
      return tariff;
    },
    get fresh() {
      return periods.length === 0;
    },
    advance({ at, wh, idle }) {
      if (at <= last.at && wh <= last.wh) return;
      const stretch = { from: last.at, to: at, fromWh: last.wh, toWh: wh, idle };
      last = { at, wh };
      const so = { startedAt: o.startedAt, chargingMs, idleMs };
      for (const piece of piecesOf(stretch, so, tariff, o.wall, o.evseKind)) {
        const { moment, ms } = piece;
        const time = idle ? 'idleTime' : 'chargingTime';
        const key = [priceAt('energy', moment), priceAt(time, moment)];
        add('energy', key[0], over(piece.wh, thousand));
        add(time, key[1], over(ms, minute));
        let period = periods.at(-1);
        if (period?.tariffId !== tariff.id || period.key.some((one, n) => one !== key[n])) {
          period = { at: piece.at, tariffId: tariff.id, key, wh: none, chargingMs: none, idleMs: none };
          periods.push(period);
        }
        period.wh = plus(period.wh, piece.wh);
        if (idle) [period.idleMs, idleMs] = [plus(period.idleMs, ms), plus(idleMs, ms)];
        else [period.chargingMs, chargingMs] = [plus(period.chargingMs, ms), plus(chargingMs, ms)];
      }
    },
    change(to) {
      tariff = to;
    },
    total() {
      const { net, gross } = limited();
      return { exclTax: decimal(net, EXACT_PLACES), inclTax: decimal(gross, EXACT_PLACES) };
    },
    reaches: (cost) => compare(limited().gross, cost) >= 0,
    details(final, stamp) {
      const { net, gross, type } = limited();
      const priced = (part: Part): Record<string, unknown> => {
        const cost = costs.get(part);
        const taxRates = tariff.of[part]?.taxRates;
        if (cost === undefined) return {};
        const name = part === 'fixedFee' ? 'fixed' : part;
        const said = { exclTax: number(cost.net), inclTax: number(cost.gross) };
        return { [name]: { ...said, ...(taxRates === undefined ? {} : { taxRates }) } };
      };
      const seconds = (ms: Exact): number => Number(ms.n / ms.d / 1_000n);
      const chargingPeriods = periods.map((one) => ({
        startPeriod: stamp(one.at),
        tariffId: one.tariffId,
        dimensions: [
          { type: 'Energy', volume: number(one.wh) },
          { type: 'ChargingTime', volume: seconds(one.chargingMs) },
          // So spelt in the schema.
          { type: 'IdleTIme', volume: seconds(one.idleMs) },
        ],
      }));
      return {
        ...(final && chargingPeriods.length > 0 ? { chargingPeriods } : {}),
        totalCost: {
          ...{ currency: tariff.currency, typeOfCost: type },
          ...Object.assign({}, ...parts.map(priced)),
          total: { exclTax: number(net), inclTax: number(gross) },
        },
        totalUsage: {
          energy: last.wh,
          chargingTime: seconds(plus(chargingMs, idleMs)),
          idleTime: seconds(idleMs),
        },
      };
    },
  };
};
