import {
  differenceText,
  iso,
  reasonWords,
  type DirectTotal,
  type Instant,
  type PriceLine,
  type PriceReason,
} from '@plugga/kit';
import type { Dimension } from './compile.ts';
import type { Breakdown, Line } from './price.ts';
import { isZero, over, toDecimal, toFixed, whole } from './ratio.ts';
import { reasonOf } from './reason.ts';

interface Face {
  readonly dimension: PriceLine['dimension'];
  readonly unit: PriceLine['unit'];
  readonly text: string;
}

const faces: Readonly<Record<Dimension, Face>> = {
  RESERVATION_FLAT: { dimension: 'reservation', unit: 'session', text: 'Reservation fee' },
  RESERVATION_TIME: { dimension: 'reservation', unit: 'h', text: 'Reserved time' },
  FLAT: { dimension: 'flat', unit: 'session', text: 'Session fee' },
  ENERGY: { dimension: 'energy', unit: 'kWh', text: 'Energy' },
  TIME: { dimension: 'time', unit: 'h', text: 'Charging time' },
  PARKING_TIME: { dimension: 'idle', unit: 'h', text: 'Idle time' },
  CONGESTION_TIME: { dimension: 'congestion', unit: 'h', text: 'Congestion fee' },
};

/** An amount keeps what tells its rounding, a quantity what a person or a machine multiplies again. */
const AMOUNT_PLACES = 20;
const QUANTITY_PLACES = 6;
const HOUR = whole(3600);

/** Reasons of elements are the same object in every price. */
const sentences = new WeakMap<PriceReason, string>();
const sentenceOf = (reason: PriceReason): string => {
  let sentence = sentences.get(reason);
  if (sentence === undefined) sentences.set(reason, (sentence = reasonWords(reason).en));
  return sentence;
};

const lineOf = (line: Line): PriceLine => {
  const { component, cap, volume, net, from, to } = line;
  const { dimension, unit, text } = faces[component.dimension];
  const reason = reasonOf(line, dimension);
  const common = {
    exclVat: toDecimal(net, AMOUNT_PLACES),
    vatPercent: toDecimal(component.vat, AMOUNT_PLACES),
    tariff: component.tariff.id,
    ...(component.element === null ? {} : { element: component.element }),
    from: iso(from as Instant),
    to: iso(to as Instant),
    because: sentenceOf(reason),
    reason,
  };
  if (cap !== undefined)
    return {
      dimension: 'limit',
      text: `${text}: most a ${cap.per}`,
      quantity: '-1',
      unit: 'session',
      unitPrice: toFixed({ n: -net.n, d: net.d }, 2),
      ...common,
    };
  const quantity = unit === 'h' ? over(volume, HOUR) : volume;
  return {
    dimension,
    text,
    quantity: toDecimal(quantity, QUANTITY_PLACES),
    unit,
    unitPrice: toDecimal(netPrice(line), AMOUNT_PLACES),
    ...common,
  };
};

/** The price of a unit before tax, as a bill shows it. */
const netPrice = ({ component: { price, vat, tariff } }: Line) =>
  tariff.taxIncluded ? over({ n: price.n * 100n, d: price.d }, { n: vat.n + 100n * vat.d, d: vat.d }) : price;

/** Lines as the event, the CDR and the bill carry them: of nothing none, except one to carry the VAT rate of a limit. */
export const priceLines = ({ lines, limit }: Breakdown): PriceLine[] => {
  const some = lines.filter(({ volume }) => !isZero(volume));
  return (some.length === 0 && limit !== null ? lines.slice(0, 1) : some).map(lineOf);
};

/** Where a limit applied, or prices include tax, the total is rounded by itself. */
export const directOf = ({ limit, taxIncluded, total }: Breakdown): DirectTotal | undefined =>
  limit === null && !taxIncluded
    ? undefined
    : {
        exclVat: toDecimal(total.net, AMOUNT_PLACES),
        inclVat: toDecimal(total.gross, AMOUNT_PLACES),
        text: differenceText(limit ?? undefined),
      };
