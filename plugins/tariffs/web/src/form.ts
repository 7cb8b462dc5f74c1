/** A tariff as OCPI writes it, as far as the pages look into it. Amounts are decimal text, or numbers as the API gave them. */
export interface Component {
  readonly type: 'ENERGY' | 'TIME' | 'PARKING_TIME' | 'FLAT';
  readonly price: string | number;
  readonly vat?: string | number;
  readonly step_size: string | number;
}
export interface Element {
  readonly price_components: readonly Component[];
  readonly restrictions?: Readonly<Record<string, unknown>>;
}
export interface Tariff {
  readonly id: string;
  readonly currency: string;
  readonly elements: readonly Element[];
  readonly plugga?: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

export const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
export type Weekday = (typeof weekdays)[number];

export interface BandForm {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
  readonly energy: string;
}
/** What the visual editor knows: prices, hours with another price a kWh, limits and grace. All text, as it is typed. */
export interface TariffForm {
  readonly id: string;
  readonly currency: string;
  readonly vat: string;
  readonly energy: string;
  readonly time: string;
  readonly idle: string;
  readonly flat: string;
  readonly graceMinutes: string;
  readonly min: string;
  readonly max: string;
  readonly bands: readonly BandForm[];
}

const formKeys = new Set(['id', 'currency', 'elements', 'min_price', 'max_price', 'plugga']);
const baseFields = { energy: 'ENERGY', time: 'TIME', idle: 'PARKING_TIME', flat: 'FLAT' } as const;

export const emptyForm: TariffForm = {
  ...{ id: '', currency: 'SEK', vat: '25', energy: '4.00', time: '', idle: '', flat: '', graceMinutes: '' },
  ...{ min: '', max: '', bands: [] },
};

const component = (type: Component['type'], price: string, vat: string): Component => ({
  ...{ type, price, step_size: 1 },
  ...(vat === '' ? {} : { vat }),
});

/** The tariff that a form says; what it does not know is taken from `before`. */
export function tariffOf(form: TariffForm, before?: Tariff): Tariff {
  const rest = Object.fromEntries(Object.entries(before ?? {}).filter(([key]) => !formKeys.has(key)));
  const base = (Object.keys(baseFields) as (keyof typeof baseFields)[])
    .filter((field) => form[field].trim() !== '')
    .map((field) => component(baseFields[field], form[field].trim(), form.vat.trim()));
  const { idleGraceSeconds: _, ...own } = { ...before?.plugga };
  const plugga = {
    ...own,
    ...(form.graceMinutes.trim() === '' ? {} : { idleGraceSeconds: Math.round(Number(form.graceMinutes) * 60) }),
  };
  return {
    ...rest,
    id: form.id.trim(),
    currency: form.currency.trim().toUpperCase(),
    elements: [
      ...form.bands.map(({ days, from, to, energy }) => ({
        price_components: [component('ENERGY', energy.trim(), form.vat.trim())],
        restrictions: {
          ...(from === '' ? {} : { start_time: from }),
          ...(to === '' ? {} : { end_time: to }),
          ...(days.length === 0 || days.length === weekdays.length ? {} : { day_of_week: days }),
        },
      })),
      ...(base.length === 0 ? [] : [{ price_components: base }]),
    ],
    ...(form.min.trim() === '' ? {} : { min_price: { excl_vat: form.min.trim() } }),
    ...(form.max.trim() === '' ? {} : { max_price: { excl_vat: form.max.trim() } }),
    ...(Object.keys(plugga).length === 0 ? {} : { plugga }),
  };
}

const bandRestrictions = new Set(['start_time', 'end_time', 'day_of_week']);

/** The form that says this tariff, undefined where it has more than the form can say: then it is edited as OCPI alone. */
export function formOf(tariff: Tariff): TariffForm | undefined {
  const { elements } = tariff;
  const all = elements.flatMap(({ price_components }) => price_components);
  const vats = new Set(all.map(({ vat }) => String(vat ?? '')));
  if (vats.size > 1 || all.some(({ step_size }) => Number(step_size) > 1)) return undefined;
  const last = elements.at(-1);
  const hasBase = last !== undefined && last.restrictions === undefined;
  const base = hasBase ? last.price_components : [];
  if (new Set(base.map(({ type }) => type)).size !== base.length) return undefined;
  const bands: BandForm[] = [];
  for (const { price_components, restrictions = {} } of hasBase ? elements.slice(0, -1) : elements) {
    const [only, ...more] = price_components;
    if (only?.type !== 'ENERGY' || more.length > 0) return undefined;
    if (Object.keys(restrictions).some((key) => !bandRestrictions.has(key))) return undefined;
    bands.push({
      days: (restrictions['day_of_week'] ?? []) as readonly Weekday[],
      from: String(restrictions['start_time'] ?? ''),
      to: String(restrictions['end_time'] ?? ''),
      energy: String(only.price),
    });
  }
  const limits = [tariff['min_price'], tariff['max_price']] as readonly (
    | Readonly<Record<string, unknown>>
    | undefined
  )[];
  if (limits.some((it) => it !== undefined && Object.keys(it).join() !== 'excl_vat')) return undefined;
  const grace = tariff.plugga?.['idleGraceSeconds'];
  const priceOf = (type: Component['type']): string => String(base.find((it) => it.type === type)?.price ?? '');
  return {
    ...{ id: tariff.id, currency: tariff.currency, vat: [...vats][0] ?? '', bands },
    ...{ energy: priceOf('ENERGY'), time: priceOf('TIME'), idle: priceOf('PARKING_TIME'), flat: priceOf('FLAT') },
    graceMinutes: grace === undefined ? '' : String(Number(grace) / 60),
    min: String(limits[0]?.['excl_vat'] ?? ''),
    max: String(limits[1]?.['excl_vat'] ?? ''),
  };
}
