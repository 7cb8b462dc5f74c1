import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { priceBillable } from '../../plugins/tariffs/src/price/billable.ts';
import { tariffBody } from '../../plugins/tariffs/src/price/tariff.ts';
import { priceVector, type VectorPrice } from '../../plugins/tariffs/src/price/vector.ts';
import { billableOf, secondsOf } from './drawn-session.ts';
import { Fraction } from './fraction.ts';
import { type GivenSession, stayOf } from './given-periods.ts';
import { netOf, plainPrice, type PlainPrice, type PlainTariff } from './plain-pricer.ts';
import {
  cappedTariff,
  type DrawnSession,
  drawnSession,
  givenSession,
  overMidnight,
  ownTariff,
  tariff,
} from './random-pairs.ts';

/** Two pricers that share no line of code must agree; `PLUGGA_PAIRS` says on how many pairs of tariff and session. */
const PAIRS = Number(process.env['PLUGGA_PAIRS'] ?? (process.env['PLUGGA_TEST'] === 'full' ? 10_000 : 500));
const cases = {
  numRuns: PAIRS / 2,
  // What both say stands in the report itself.
  includeErrorInReport: true,
  ...(process.env['PLUGGA_PAIRS_SEED'] === undefined ? {} : { seed: Number(process.env['PLUGGA_PAIRS_SEED']) }),
};

const exact = (value: string): string => Fraction.of(value).toString();

/** What both must say, in one shape; a line of nothing says nothing. */
function said(price: VectorPrice) {
  const { lines, before_limits: before, total, invoice, limit_applied } = price;
  return {
    lines: lines
      .filter(({ billed_volume }) => exact(billed_volume) !== '0')
      .map(
        (it) =>
          `${it.dimension} ${it.tariff_id}#${it.element_index} ${exact(it.billed_volume)} ${it.unit}: ${exact(it.cost_excl_vat)}`,
      )
      .toSorted(),
    before: [exact(before.excl_vat), exact(before.incl_vat)],
    limit: limit_applied,
    total: [exact(total.excl_vat), exact(total.incl_vat)],
    invoice: [invoice.net, invoice.vat, invoice.gross].map(exact),
  };
}

const UNITS: Readonly<Record<string, string>> = { ENERGY: 'kWh', FLAT: 'session', RESERVATION_FLAT: 'reservation' };
function expected({ lines, before, limit, total, invoice }: PlainPrice) {
  return {
    lines: lines
      .map((it) => {
        const volume = Fraction.of(BigInt(it.volume)).by(Fraction.of(it.dimension === 'ENERGY' ? 1_000_000 : 1));
        return `${it.dimension} ${it.tariff}#${it.element} ${volume} ${UNITS[it.dimension] ?? 's'}: ${netOf(it)}`;
      })
      .toSorted(),
    before: [`${before.net}`, `${before.gross}`],
    limit: limit ?? null,
    total: [`${total.net}`, `${total.gross}`],
    invoice: [invoice.net, invoice.vat, invoice.gross].map(String),
  };
}

interface Vector {
  readonly name: string;
  readonly tariffs: readonly PlainTariff[];
  readonly session: GivenSession;
}
const { vectors } = JSON.parse(
  readFileSync(new URL('../../plugins/tariffs/vectors/tariffs.json', import.meta.url), 'utf8'),
) as { vectors: readonly Vector[] };

test.each(vectors)('the plain pricer knows the rules: $name', ({ tariffs, session }) => {
  const { lines: theirs, ...price } = said(priceVector({ tariffs, session }));
  const { lines, ...plain } = expected(plainPrice(tariffs, stayOf(session)));
  expect(plain).toEqual(price);
  expect(lines).toEqual(theirs);
});

test('charging periods as a partner gives them: one price from both', { timeout: 600_000 }, () => {
  const pair = fc.tuple(tariff('A'), givenSession(['A']));
  fc.assert(
    fc.property(pair, ([one, session]) => {
      expect(said(priceVector({ tariffs: [one], session }))).toEqual(expected(plainPrice([one], stayOf(session))));
    }),
    cases,
  );
});

/** Without limits: nobody says whose of two tariffs' hold. */
test('a session that changes its tariff: one price from both', { timeout: 600_000 }, () => {
  const pair = fc.tuple(
    tariff('A', { limited: false }),
    tariff('B', { limited: false, reservation: false }),
    givenSession(['A', 'B']),
  );
  fc.assert(
    fc.property(pair, ([one, other, session]) => {
      const tariffs = [one, other];
      expect(said(priceVector({ tariffs, session }))).toEqual(expected(plainPrice(tariffs, stayOf(session))));
    }),
    { ...cases, numRuns: PAIRS / 10 },
  );
});

/** Of a session of the meter, second by second. */
const agreed = (one: PlainTariff, session: DrawnSession): void => {
  const ours = priceBillable({ body: tariffBody.parse(one) }, billableOf(session));
  const plain = plainPrice([one], { zone: session.zone, start: session.start, slices: secondsOf(session) });
  const { net, vat, gross } = plain.invoice;
  expect([ours.total.exclVat, ours.total.vat, ours.total.inclVat].map(exact)).toEqual([net, vat, gross].map(String));
  expect(ours.limit?.applied).toBe(plain.limit);
};

test('a session of the meter, second by second: one price from both', { timeout: 600_000 }, () => {
  const pair = fc.tuple(tariff('A', { reservation: false }), drawnSession);
  fc.assert(
    fc.property(pair, ([one, session]) => agreed(one, session)),
    cases,
  );
});

test(
  'grace, caps, bands of the battery and congestion, second by second: one price from both',
  { timeout: 600_000 },
  () => {
    fc.assert(
      fc.property(fc.tuple(ownTariff('A'), drawnSession), ([one, session]) => agreed(one, session)),
      { ...cases, numRuns: PAIRS / 5 },
    );
  },
);

test('caps upon caps of one component, over midnight: one price from both', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(fc.tuple(cappedTariff('A'), overMidnight), ([one, session]) => agreed(one, session)),
    { ...cases, numRuns: PAIRS / 10 },
  );
});
