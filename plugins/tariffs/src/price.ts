import { Big } from 'big.js';
import { instantOf, pricedTotal, type Billable, type Decimal, type PriceLine, type PricedTotal } from '@plugga/kit';
import type { PriceComponent } from './tariff.ts';
import type { TariffVersion } from './version.ts';

/** What is priced: of a billable record only these. */
export type Charged = Pick<Billable, 'startedAt' | 'endedAt' | 'energyWh' | 'states' | 'unpluggedAt'>;

export interface Breakdown {
  readonly total: PricedTotal;
  readonly lines: readonly PriceLine[];
}

const HOUR_MS = 3_600_000;
const DIVISION_PLACES = 20;

/** Its own constructor, for its own precision: seconds over hours do not terminate, and nothing is rounded before the invoice line. */
const Exact = Big();
Exact.DP = DIVISION_PLACES;
const exact = (value: Big.BigSource): Big => new Exact(value);

/** Charging and idle time in milliseconds. SuspendedEV is idle, SuspendedEVSE is not: the car, not the driver's site, ended the flow. */
function timesOf({ startedAt, endedAt, states, unpluggedAt }: Charged): {
  readonly charging: number;
  readonly idle: number;
} {
  const start = instantOf(startedAt);
  const end = instantOf(endedAt);
  const unplug = unpluggedAt === undefined ? end : Math.max(end, instantOf(unpluggedAt));
  const suspended = states
    .filter(({ state }) => state === 'suspendedEV')
    .reduce(
      (sum, { from, to }) => sum + Math.max(0, Math.min(instantOf(to), end) - Math.max(instantOf(from), start)),
      0,
    );
  return { charging: Math.max(0, end - start - suspended), idle: suspended + (unplug - end) };
}

const stepped = (volume: Big, step: number): Big =>
  step <= 1 || volume.eq(0) ? volume : volume.div(step).round(0, Big.roundUp).times(step);

const dimensions = {
  ENERGY: { dimension: 'energy', unit: 'kWh', text: 'Energy', volume: (it: Charged) => exact(it.energyWh), per: 1000 },
  TIME: {
    dimension: 'time',
    unit: 'h',
    text: 'Charging time',
    volume: (it: Charged) => exact(Math.floor(timesOf(it).charging / 1000)),
    per: HOUR_MS / 1000,
  },
  PARKING_TIME: {
    dimension: 'idle',
    unit: 'h',
    text: 'Idle time',
    volume: (it: Charged) => exact(Math.floor(timesOf(it).idle / 1000)),
    per: HOUR_MS / 1000,
  },
  FLAT: { dimension: 'flat', unit: 'session', text: 'Session fee', volume: () => exact(1), per: 1 },
} as const;

/** Without restrictions the first element that has a dimension prices it (OCPI 2.2.1 section 11.2.2), once. */
function componentsOf({ body }: TariffVersion): PriceComponent[] {
  const first = new Map<PriceComponent['type'], PriceComponent>();
  for (const element of body.elements)
    for (const component of element.price_components)
      if (!first.has(component.type)) first.set(component.type, component);
  return [...first.values()];
}

const text = (value: Big): Decimal => value.toFixed();

/**
 * The one price of a charge: exact lines, and the total as it will be billed, so that page, CDR and bill show one number.
 * Pure. A session without energy and time costs what its flat fee says.
 */
export function price(tariff: TariffVersion, charged: Charged): Breakdown {
  const lines: PriceLine[] = [];
  for (const component of componentsOf(tariff)) {
    const { dimension, unit, text: words, volume, per } = dimensions[component.type];
    const billed = stepped(volume(charged), component.type === 'FLAT' ? 1 : component.step_size);
    if (billed.eq(0)) continue;
    const amount = billed.times(component.price).div(per);
    lines.push({
      dimension,
      text: words,
      quantity: text(billed.div(per)),
      unit,
      unitPrice: text(exact(component.price)),
      exclVat: text(amount),
      vatPercent: component.vat ?? '0',
    });
  }
  return { total: pricedTotal(tariff.body.currency, lines), lines };
}
