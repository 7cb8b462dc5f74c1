import { minorDigits, pricedTotal, type Decimal } from '@plugga/kit';
import { failTariff } from '../errors.ts';
import { errorsOf } from './errors-of.ts';
import { directOf, priceLines } from './kit-lines.ts';
import { unreachableElements } from './reach.ts';
import { price, type Breakdown, type Line } from './price.ts';
import { minus, plus, toFixed, toText, zero, type Ratio } from './ratio.ts';
import { courseOf, pricedVector } from './session.ts';
import type { Dimension } from './compile.ts';

/** One line in the shape of the vectors: exact decimals, or a/b where the decimal does not end. */
export interface VectorLine {
  readonly dimension: Dimension | 'CAP';
  readonly tariff_id: string;
  readonly element_index: number | null;
  readonly price: Decimal;
  readonly vat_percent: Decimal | null;
  readonly billed_volume: string;
  readonly unit: string;
  readonly cost_excl_vat: string;
  readonly vat: string;
}

export interface VectorPrice {
  readonly lines: readonly VectorLine[];
  readonly billed_volume: Readonly<Record<string, { readonly volume: string; readonly unit: string }>>;
  readonly before_limits: { readonly excl_vat: string; readonly incl_vat: string };
  readonly limit_applied: 'min_price' | 'max_price' | null;
  readonly total: { readonly excl_vat: string; readonly vat: string; readonly incl_vat: string };
  readonly ocpi_4dp: { readonly excl_vat: string; readonly incl_vat: string };
  readonly invoice: { readonly net: string; readonly vat: string; readonly gross: string };
  readonly total_rounded_once: { readonly excl_vat: string; readonly incl_vat: string };
  /** Only where OCPI 2.3.0 says how taxes are meant but not their rate. */
  readonly tax_known?: false;
  readonly after_tax_total?: string;
  readonly review_note?: 'unreachable_element';
  /** Codes; `remarks` are their sentences. */
  readonly notes: readonly string[];
  readonly remarks: readonly string[];
}

/**
 * Prices `{tariffs, session}` of the shape of vectors/tariffs.json and gives the shape of its `expected`. Refuses by name what
 * it does not understand. Pure.
 */
export function priceVector(vector: unknown): VectorPrice {
  const parsed = pricedVector.safeParse(withoutNulls(vector));
  if (!parsed.success) {
    const errors = errorsOf(parsed.error, 'vector');
    throw failTariff('tariff-invalid', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), {
      details: { errors },
    });
  }
  const shown = vectorPrice(price(courseOf(parsed.data)));
  return parsed.data.tariffs.some((it) => unreachableElements(it).length > 0)
    ? { ...shown, review_note: 'unreachable_element' }
    : shown;
}

/** What is null is as if it were not there: partners write both. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, it]) => (it === null ? [] : [[key, withoutNulls(it)]])),
  );
}

const units: Readonly<Record<Dimension, string>> = {
  RESERVATION_FLAT: 'reservation',
  RESERVATION_TIME: 's',
  FLAT: 'session',
  ENERGY: 'kWh',
  TIME: 's',
  PARKING_TIME: 's',
  CONGESTION_TIME: 's',
};

const shownLine = ({ component, cap, volume, net, vat }: Line): VectorLine => ({
  dimension: cap === undefined ? component.dimension : 'CAP',
  tariff_id: component.tariff.id,
  element_index: component.element,
  price: component.priceText,
  vat_percent: component.vatText,
  billed_volume: toText(volume),
  unit: cap === undefined ? units[component.dimension] : 'session',
  cost_excl_vat: toText(net),
  vat: toText(vat),
});

function vectorPrice(breakdown: Breakdown): VectorPrice {
  const { currency, lines, before, limit, total, taxIncluded, taxKnown, notes } = breakdown;
  const volumes = new Map<Dimension, Ratio>();
  for (const { component, volume, cap } of lines)
    if (cap === undefined) volumes.set(component.dimension, plus(volumes.get(component.dimension) ?? zero, volume));
  const digits = minorDigits(currency);
  const invoice = pricedTotal(currency, priceLines(breakdown), directOf(breakdown));
  const both = (show: (value: Ratio) => string, { net, gross }: Breakdown['total']) => ({
    excl_vat: show(net),
    incl_vat: show(gross),
  });
  return {
    lines: lines.map(shownLine),
    billed_volume: Object.fromEntries(
      [...volumes].map(([dimension, volume]) => [dimension, { volume: toText(volume), unit: units[dimension] }]),
    ),
    before_limits: both(toText, before),
    limit_applied: limit,
    total: { excl_vat: toText(total.net), vat: toText(minus(total.gross, total.net)), incl_vat: toText(total.gross) },
    ocpi_4dp: both((value) => toFixed(value, 4), total),
    invoice: { net: invoice.exclVat, vat: invoice.vat, gross: invoice.inclVat },
    total_rounded_once: both((value) => toFixed(value, digits), total),
    ...(taxKnown ? {} : { tax_known: false, ...(taxIncluded ? { after_tax_total: toText(total.gross) } : {}) }),
    notes: notes.map(({ code }) => code),
    remarks: notes.map(({ text }) => text),
  };
}
