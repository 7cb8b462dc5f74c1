import { anyOf, decimalText, iso, instant, z, type Instant } from '@plugga/kit';
import { failTariff } from './errors.ts';
import type { BasisBody, OfferBasis } from './migrations.ts';
import { most, parseRatio, plus, toDecimal, zero } from './price/ratio.ts';
import type { TariffBody } from './tariff.ts';
import type { Db } from './versions.ts';
import type { TariffVersion } from './version.ts';

const HOUR_MS = 3_600_000;
const moment = z.iso.datetime({ offset: true });

/** What moves the price a kWh of the next offers: a spot price, the use of the site, whatever an operator's program says. */
export const basisBody = z.strictObject({
  /** Where the values come from, for whoever asks why: `SE3 day-ahead`. */
  name: z.string().min(1).max(100),
  /** Added to the tariff's own price a kWh, or in its place; with or without VAT as the tariff's own prices are. */
  apply: z.enum(['add', 'replace']).default('add'),
  /** Each value holds until the next begins, or until its own end; the last for an hour where it says none. */
  series: z
    .array(z.strictObject({ from: moment, until: moment.optional(), price: decimalText }))
    .max(10_000)
    .refine((all) => all.every(({ from, until }) => until === undefined || Date.parse(from) < Date.parse(until)), {
      message: 'each value ends after it begins',
    })
    .refine((all) => new Set(all.map(({ from }) => Date.parse(from))).size === all.length, {
      message: 'two values begin at one moment',
    }),
  /** Where no value holds; without it there is no price then, and no offer. */
  fallback: decimalText.optional(),
});

/** The newest basis of each tariff that has one. */
export async function basesOf(
  db: Db,
  tariffs: readonly string[],
): Promise<ReadonlyMap<string, { readonly version: number; readonly body: BasisBody }>> {
  if (tariffs.length === 0) return new Map();
  const rows = await db
    .selectFrom('basis')
    .distinctOn('tariff')
    .select(['tariff', 'version', 'body'])
    .where('tariff', '=', anyOf(new Set(tariffs)))
    .orderBy('tariff')
    .orderBy('version', 'desc')
    .execute();
  return new Map(rows.flatMap(({ tariff, version, body }) => (body === null ? [] : [[tariff, { version, body }]])));
}

/** The value of that moment; undefined where none holds. Pure. */
function valueAt(basis: BasisBody, version: number, at: Instant): OfferBasis | undefined {
  const { name, apply, series, fallback } = basis;
  const sorted = series.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
  const index = sorted.findLastIndex(({ from }) => Date.parse(from) <= at);
  const value = sorted[index];
  if (value !== undefined) {
    const from = Date.parse(value.from);
    const next = sorted[index + 1];
    const own = value.until === undefined ? Infinity : Date.parse(value.until);
    const end = Math.min(own, next === undefined ? Infinity : Date.parse(next.from));
    const until = end === Infinity ? from + HOUR_MS : end;
    if (at < until)
      return { name, version, apply, price: value.price, from: iso(instant(from)), until: iso(instant(until)) };
  }
  if (fallback === undefined) return undefined;
  const next = sorted[index + 1];
  return {
    ...{ name, version, apply, price: fallback },
    ...(next === undefined ? {} : { until: iso(instant(Date.parse(next.from))) }),
  };
}

const PLACES = 20;
/** The engine takes nothing below 0: a kWh that would earn the driver money is free. */
const priceOf = (own: string, { apply, price }: OfferBasis): string =>
  toDecimal(most(zero, plus(parseRatio(price), apply === 'replace' ? zero : parseRatio(own))), PLACES);

/** The tariff with the value put into each of its prices a kWh, bands of the battery too. Pure. */
function frozen(body: TariffBody, value: OfferBasis): TariffBody {
  const { plugga } = body;
  return {
    ...body,
    elements: body.elements.map((element) => ({
      ...element,
      price_components: element.price_components.map((it) =>
        it.type === 'ENERGY' ? { ...it, price: priceOf(it.price, value) } : it,
      ),
    })),
    ...(plugga?.socBands === undefined
      ? {}
      : {
          plugga: {
            ...plugga,
            socBands: plugga.socBands.map((it) =>
              it.type === 'ENERGY' ? { ...it, price: priceOf(it.price, value) } : it,
            ),
          },
        }),
  };
}

/** The price of that moment, where something moves it; throws `basis-missing` where nobody knows it. */
export function movedBy(
  tariff: TariffVersion,
  basis: { readonly version: number; readonly body: BasisBody } | undefined,
  at: Instant,
): TariffVersion {
  if (basis === undefined) return tariff;
  const value = valueAt(basis.body, basis.version, at);
  if (value === undefined)
    throw failTariff(
      'basis-missing',
      `the tariff "${tariff.id}" is moved by "${basis.body.name}", which says nothing of ${iso(at)}`,
    );
  return { ...tariff, body: frozen(tariff.body, value), basis: value };
}
