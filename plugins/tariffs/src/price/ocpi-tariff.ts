import { over, parseRatio, plus, times, toDecimal, toFixed, whole } from './ratio.ts';
import type { LimitBody, PriceComponent, Restrictions, TariffBody } from './tariff.ts';
import { beyondOcpi, toOcpi, type Said } from './to-ocpi.ts';

export const ocpiVersions = ['2.2.1', '2.3.0'] as const;
type OcpiVersion = (typeof ocpiVersions)[number];

/** OCPI 2.2.1 section 16.4: a number has four decimals. */
const PLACES = 4;
const HUNDRED = whole(100);
const number = (text: string): number => Number(toDecimal(parseRatio(text), PLACES));
const numbers = (of: object, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(of).map(([name, value]) => [
      name,
      names.includes(name) ? number(String(value)) : (value as unknown),
    ]),
  );

const withoutVat = {
  path: 'tax_included',
  text: {
    sv: 'Priserna är satta inkl. moms; här står de exkl. moms, avrundade till fyra decimaler.',
    en: 'Prices are set incl. VAT; here they are excl. VAT, rounded to four decimals.',
  },
};

/** The price before tax, where a version knows no other. */
const net = ({ price, vat = '0' }: PriceComponent): number =>
  Number(toFixed(over(times(parseRatio(price), HUNDRED), plus(HUNDRED, parseRatio(vat))), PLACES));

const limit = (it: LimitBody | undefined, ocpi: OcpiVersion): Record<string, number> | undefined => {
  if (it === undefined) return undefined;
  const [before, after] = ocpi === '2.2.1' ? ['excl_vat', 'incl_vat'] : ['before_taxes', 'after_taxes'];
  const gross = it.incl_vat ?? it.after_taxes;
  return {
    [before!]: number(it.excl_vat ?? it.before_taxes ?? '0'),
    ...(gross === undefined ? {} : { [after!]: number(gross) }),
  };
};

const restrictionNumbers = ['min_kwh', 'max_kwh', 'min_current', 'max_current', 'min_power', 'max_power'];
const shownRestrictions = (it: Restrictions | undefined) =>
  it === undefined ? {} : { restrictions: numbers(it, restrictionNumbers) };

/**
 * A tariff in the shape of an OCPI version: numbers as JSON has them, limits and taxes as that version names them, and a text for
 * what it cannot say. Pure.
 */
export function ocpiTariff(
  body: TariffBody,
  { ocpi, changedAt }: { readonly ocpi: OcpiVersion; readonly changedAt: string },
): { readonly tariff: Record<string, unknown>; readonly onlyInText: readonly Said[] } {
  const stripped = ocpi === '2.2.1' && body.tax_included === 'YES';
  const onlyInText = [...beyondOcpi(body), ...(stripped ? [withoutVat] : [])];
  const { elements, min_price, max_price, preauthorize_amount, tax_included, ...rest } = toOcpi(body, onlyInText);
  const [min, max] = [limit(min_price, ocpi), limit(max_price, ocpi)];
  const tariff = {
    ...rest,
    elements: elements.map(({ price_components, restrictions }) => ({
      price_components: price_components.map((it) => ({
        ...numbers(it, ['price', 'vat']),
        ...(stripped ? { price: net(it) } : {}),
      })),
      ...shownRestrictions(restrictions),
    })),
    ...(min === undefined ? {} : { min_price: min }),
    ...(max === undefined ? {} : { max_price: max }),
    ...(ocpi === '2.2.1'
      ? {}
      : {
          tax_included: tax_included ?? 'NO',
          ...(preauthorize_amount === undefined ? {} : { preauthorize_amount: number(preauthorize_amount) }),
        }),
    last_updated: changedAt,
  };
  return { tariff, onlyInText };
}
