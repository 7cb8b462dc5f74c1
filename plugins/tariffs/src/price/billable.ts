import {
  instantOf,
  pricedTotal,
  type Billable,
  type PricedTotal,
  type PriceLimit,
  type PriceLine,
  type PriceNote,
} from '@plugga/kit';
import { compile } from './compile.ts';
import type { Point } from './curve.ts';
import { directOf, priceLines } from './kit-lines.ts';
import { price } from './price.ts';
import { parseRatio, ratio, toDecimal, zero } from './ratio.ts';
import { split } from './split.ts';
import type { TariffBody } from './tariff.ts';
import { zone } from './zone.ts';

/** What is priced: of a billable record, or of a session that still runs, only these. */
export type Charged = Pick<Billable, 'startedAt' | 'endedAt' | 'energyWh' | 'states'> &
  Partial<Pick<Billable, 'unpluggedAt' | 'curve' | 'timeZone'>> & {
    /** The battery's charge in percent as the car said it, ascending. */
    readonly soc?: readonly { readonly at: string; readonly percent: number | string }[] | undefined;
    /** When the site was congested. */
    readonly congestion?: readonly { readonly from: string; readonly to: string }[] | undefined;
  };

/** A price as `session.priced` carries it. */
export interface SessionPrice {
  readonly total: PricedTotal;
  readonly lines: PriceLine[];
  readonly limit?: PriceLimit;
  readonly taxIncluded?: true;
  readonly calibrationLaw?: true;
  readonly notes?: PriceNote[];
}

/**
 * What a charge costs under a version of a tariff. SuspendedEV is idle, and so is the time from the end to the unplug;
 * SuspendedEVSE is not: the site, not the driver's car, ended the flow. A session without energy and time costs what its flat
 * fee says. Pure.
 */
export function priceBillable({ body }: { readonly body: TariffBody }, charged: Charged): SessionPrice {
  const tariff = compile(body);
  const [start, stop] = [
    instantOf(charged.startedAt),
    Math.max(instantOf(charged.startedAt), instantOf(charged.endedAt)),
  ];
  const end = charged.unpluggedAt === undefined ? stop : Math.max(stop, instantOf(charged.unpluggedAt));
  const place = zone(charged.timeZone ?? 'UTC');
  const energy = ratio(charged.energyWh, 1000);
  const { periods, notes } = split(
    {
      zone: place,
      start,
      end,
      energy,
      points: () => pointsOf(charged, start, stop),
      idle: tariff.marks.time ? idleOf(charged, start, stop, end) : [],
      soc: tariff.marks.soc
        ? (charged.soc ?? []).map(({ at, percent }) => ({ at: instantOf(at), percent: parseRatio(String(percent)) }))
        : [],
      congested: (charged.congestion ?? []).map(({ from, to }) => ({ from: instantOf(from), to: instantOf(to) })),
    },
    tariff,
  );
  const breakdown = price({ zone: place, start, end, periods, given: false, tariff, notes });
  const lines = priceLines(breakdown);
  const { limit, before, taxIncluded } = breakdown;
  return {
    total: pricedTotal(breakdown.currency, lines, directOf(breakdown)),
    lines,
    ...(limit === null
      ? {}
      : {
          limit: {
            applied: limit,
            before: { exclVat: toDecimal(before.net, 20), inclVat: toDecimal(before.gross, 20) },
          },
        }),
    ...(taxIncluded ? { taxIncluded } : {}),
    ...(body.plugga?.calibrationLaw === true ? { calibrationLaw: true } : {}),
    ...(breakdown.notes.length === 0 ? {} : { notes: [...breakdown.notes] }),
  };
}

const pointsOf = ({ curve = [], energyWh }: Charged, start: number, stop: number): readonly Point[] => [
  { at: start, kwh: zero },
  ...curve.flatMap(({ at, wh }) => {
    const ms = instantOf(at);
    return ms > start && ms < stop ? [{ at: ms, kwh: ratio(wh, 1000) }] : [];
  }),
  { at: stop, kwh: ratio(energyWh, 1000) },
];

const idleOf = ({ states }: Charged, start: number, stop: number, end: number) => [
  ...states
    .filter(({ state }) => state === 'suspendedEV')
    .map(({ from, to }) => ({ from: Math.max(instantOf(from), start), to: Math.min(instantOf(to), stop) }))
    .filter(({ from, to }) => from < to)
    .toSorted((a, b) => a.from - b.from),
  ...(end > stop ? [{ from: stop, to: end }] : []),
];
