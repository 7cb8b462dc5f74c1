import {
  type Billable,
  cdrCredited,
  cdrHeld,
  cdrIssued,
  cdrWaived,
  credited,
  type DataOf,
  type EventDef,
  instant,
  invoiceIssued,
  type PriceLine,
  pricedTotal,
  type Recorded,
  sessionClosed,
  sessionCorrected,
  sessionPriced,
  sessionStarted,
  toMoney,
  type Totals,
  totalsOf,
} from '@plugga/kit';
import { aBillable, aSessionClosed, aSessionStarted } from '@plugga/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookBatch, cdrsNamedIn } from './batch.ts';
import type { CdrShare } from './fold.ts';
import { columns } from './migrations.ts';
import { countedOf, type Sold } from './sold.ts';
import type { Changes } from './store.ts';

// ---- a small world: sessions that charge, close, are corrected, held, given away and billed, as billing tells it ----

type Step =
  | { readonly what: 'priced'; readonly wh: number }
  | { readonly what: 'closed'; readonly wh: number; readonly fate: Fate }
  | { readonly what: 'corrected'; readonly wh: number; readonly fate: Fate }
  | { readonly what: 'released' };
type Fate = 'receipt' | 'periodic' | 'held' | 'waived' | 'nothing';

const PRICE = '4.9875';
const lineOf = (wh: number, vatPercent: string): PriceLine => ({
  ...{ dimension: 'energy', text: 'Energy', quantity: String(wh / 1_000), unit: 'kWh', unitPrice: PRICE, vatPercent },
  exclVat: ((wh * 49_875) / 10_000_000).toFixed(7),
});
const minorOf = ({ currency, exclVat, vatTotal, inclVat }: Totals) => {
  const minor = (value: string): string => toMoney({ currency, value }).minor.toString();
  return { exclVat: minor(exclVat), vat: minor(vatTotal), inclVat: minor(inclVat) };
};
const sumsOf = ({ exclVat, vatTotal, inclVat }: Totals) => ({ exclVat, vat: vatTotal, inclVat });

class World {
  readonly events: Recorded[] = [];
  /** Of CDRs on their way to a bill of several. */
  waiting: {
    readonly cdr: string;
    readonly lines: readonly PriceLine[];
    readonly wh: number;
    readonly sign: 1 | -1;
  }[] = [];
  readonly invoicedIncl: bigint[] = [];
  #n = 0;
  #stands = new Map<
    string,
    { cdr: string; lines: readonly PriceLine[]; wh: number; was: 'issued' | 'held'; billed: string | undefined }
  >();

  say<E extends EventDef>(def: E, session: string | undefined, data: DataOf<E>): void {
    this.#n += 1;
    const at = instant(Date.parse('2026-01-15T12:00:00Z') + this.#n * 60_000);
    const event = { type: def.type, v: def.v, at, receivedAt: at, id: `event-${this.#n}`, position: BigInt(this.#n) };
    this.events.push({ ...event, tenant: 't', stream: 's', seq: this.#n, session, data } as never);
  }
  id = (kind: string): string => `${kind}-${this.#n}`;

  start(session: string, started: string): void {
    const place = { location: `site-${session.length % 2}`, timeZone: 'Europe/Stockholm' };
    this.say(sessionStarted, session, aSessionStarted({ time: started, place }));
  }
  price(session: string, wh: number, vat: string, final: boolean): void {
    const lines = [lineOf(wh, vat)];
    const total = pricedTotal('SEK', lines);
    this.say(sessionPriced, session, { offer: 'tariff@1', total, lines, energyWh: wh, final, closing: 'c' });
  }
  close(session: string, billable: Billable, vat: string, fate: Fate, corrected: boolean): void {
    const cdr = fate !== 'nothing';
    if (corrected) this.say(sessionCorrected, session, { before: billable, after: billable, cdr });
    else this.say(sessionClosed, session, aSessionClosed({ ...billable, cdr }));
    if (cdr) this.price(session, billable.energyWh, vat, true);
    this.takeBack(session, billable);
    if (!cdr) return;
    const made = { cdr: this.id('cdr'), lines: [lineOf(billable.energyWh, vat)], wh: billable.energyWh };
    this.#stands.set(session, { ...made, was: fate === 'held' ? 'held' : 'issued', billed: undefined });
    if (fate === 'held') return this.say(cdrHeld, session, { cdr: made.cdr, reasons: ['odd'], session });
    this.issue(session, billable, fate);
  }
  issue(session: string, billable: Billable, fate: Fate): void {
    const { cdr, lines, wh } = this.#stands.get(session)!;
    const totals = totalsOf('SEK', lines);
    this.say(cdrIssued, session, {
      ...this.about(session, cdr, billable, wh),
      ...{
        currency: 'SEK',
        total: sumsOf(totals),
        minor: minorOf(totals),
        vat: [],
        exactExclVat: '0',
        released: false,
      },
    });
    if (fate === 'waived') return this.say(cdrWaived, session, { cdr, session, reason: 'staff' });
    if (fate === 'periodic') this.waiting.push({ cdr, lines, wh, sign: 1 });
    else {
      this.bill([{ cdr, lines, wh, sign: 1 }], session);
      this.#stands.set(session, { ...this.#stands.get(session)!, billed: 'receipt' });
    }
  }
  takeBack(session: string, billable: Billable): void {
    const before = this.#stands.get(session);
    if (before === undefined) return;
    this.#stands.delete(session);
    const { cdr, lines, wh, was, billed } = before;
    const credit = this.id('credit');
    const totals = credited(totalsOf('SEK', lines));
    this.say(cdrCredited, session, {
      ...this.about(session, cdr, billable, -wh),
      ...{ credit, was, billed: { currency: 'SEK', total: sumsOf(totals), minor: minorOf(totals) } },
    });
    const unbilled = this.waiting.findIndex((it) => it.cdr === cdr);
    if (unbilled !== -1) this.waiting.splice(unbilled, 1);
    else if (was === 'issued' && (billed !== undefined || this.onBill.has(cdr)))
      this.bill([{ cdr: credit, lines, wh, sign: -1 }], session);
  }
  about(session: string, cdr: string, { startedAt, endedAt, timeZone }: Billable, energyWh: number) {
    const known = {
      channel: 'card',
      tariff: 'tariff@1',
      customer: null,
      location: `site-${session.length % 2}`,
    } as const;
    return { cdr, session, revision: 0, energyWh, startedAt, endedAt, timeZone, ...known };
  }
  readonly onBill = new Set<string>();
  bill(items: World['waiting'], session?: string): void {
    if (items.length === 0) return;
    const sign = items[0]!.sign;
    const own = totalsOf(
      'SEK',
      items.flatMap(({ lines }) => lines),
    );
    const totals = sign === 1 ? own : credited(own);
    for (const { cdr } of items) this.onBill.add(cdr);
    this.invoicedIncl.push(BigInt(minorOf(totals).inclVat));
    this.say(invoiceIssued, session, {
      ...{
        invoice: this.id('invoice'),
        number: this.id('n'),
        kind: sign === 1 ? 'invoice' : 'credit',
        currency: 'SEK',
      },
      ...{ inclVat: totals.inclVat, energyWh: items.reduce((sum, { wh }) => sum + sign * wh, 0) },
      ...{ total: sumsOf(totals), minor: minorOf(totals), cdrs: items.map(({ cdr }) => cdr), customer: null },
    });
  }
  period(): void {
    this.bill(this.waiting);
    this.waiting = [];
  }
  held(session: string): boolean {
    return this.#stands.get(session)?.was === 'held';
  }
  release(session: string, billable: Billable): void {
    this.#stands.set(session, { ...this.#stands.get(session)!, was: 'issued' });
    this.issue(session, { ...billable, energyWh: this.#stands.get(session)!.wh }, 'receipt');
  }
}

const fate = fc.constantFrom<Fate>('receipt', 'receipt', 'periodic', 'held', 'waived', 'nothing');
const wh = fc.integer({ min: 0, max: 90_000 });
const step = fc.oneof(
  fc.record({ what: fc.constant('priced' as const), wh }),
  fc.record({ what: fc.constant('closed' as const), wh, fate }),
  fc.record({ what: fc.constant('corrected' as const), wh, fate }),
  fc.record({ what: fc.constant('released' as const) }),
);
const turn = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(fc.integer({ min: 0, max: 4 }), step) },
  { weight: 1, arbitrary: fc.constant('period' as const) },
);
const vats = ['25', '12', '25', '6', '25'];

const play = (turns: readonly (readonly [number, Step] | 'period')[]): World => {
  const world = new World();
  const closed = new Set<number>();
  const begun = new Set<number>();
  for (const one of turns) {
    if (one === 'period') {
      world.period();
      continue;
    }
    const [n, it] = one;
    const session = `session-${'x'.repeat(n)}`;
    const startedAt = `2026-01-${14 + (n % 2)}T2${n % 4}:30:00.000Z`;
    const billable = (energyWh: number): Billable =>
      aBillable({ energyWh, startedAt, endedAt: '2026-01-16T04:00:00.000Z', location: `site-${session.length % 2}` });
    if (!begun.has(n)) world.start(session, startedAt);
    begun.add(n);
    if (it.what === 'priced' && !closed.has(n)) world.price(session, it.wh, vats[n]!, false);
    if (it.what === 'closed' && !closed.has(n)) {
      closed.add(n);
      world.close(session, billable(it.wh), vats[n]!, it.fate, false);
    }
    if (it.what === 'corrected' && closed.has(n)) world.close(session, billable(it.wh), vats[n]!, it.fate, true);
    if (it.what === 'released' && world.held(session)) world.release(session, billable(0));
  }
  return world;
};

// ---- the books as the tables would hold them ----

class Books {
  readonly sold = new Map<string, Sold>();
  readonly cdrs = new Map<string, CdrShare>();
  readonly days = new Map<string, bigint[]>();
  hoursIncl = 0n;

  take(events: readonly Recorded[]): void {
    const { repriced, whole, cdrs, days, hours }: Changes = bookBatch(
      events,
      this.sold,
      new Map([...this.cdrs, ...this.#fresh(events)]),
    );
    expect(cdrsNamedIn(events).every((id) => this.cdrs.has(id) || cdrs.some((it) => it.id === id))).toBe(true);
    for (const it of [...repriced, ...whole]) this.sold.set(it.id, it);
    for (const it of cdrs) this.cdrs.set(it.id, it);
    for (const { counted, ...key } of days) {
      const name = JSON.stringify(key);
      const row = this.days.get(name) ?? columns.map(() => 0n);
      this.days.set(
        name,
        columns.map((column, at) => row[at]! + counted[column]),
      );
    }
    for (const { sums } of hours) this.hoursIncl += sums.incl;
  }
  #fresh = (events: readonly Recorded[]): Map<string, CdrShare> =>
    new Map(bookBatch(events, new Map(), new Map()).cdrs.map((it) => [it.id, it]));
  rows(): Record<string, readonly string[]> {
    const counting = [...this.days].filter(([, row]) => row.some((value) => value !== 0n));
    return Object.fromEntries(counting.toSorted().map(([key, row]) => [key, row.map(String)]));
  }
  sum(column: (typeof columns)[number]): bigint {
    return [...this.days.values()].reduce((sum, row) => sum + row[columns.indexOf(column)]!, 0n);
  }
}

const booksOf = (events: readonly Recorded[], cuts: readonly number[]): Books => {
  const books = new Books();
  let from = 0;
  for (const length of [...cuts, events.length]) {
    const batch = events.slice(from, from + length);
    if (batch.length > 0) books.take(batch);
    from += length;
  }
  return books;
};

const scenario = fc.record({
  turns: fc.array(turn, { minLength: 5, maxLength: 40 }),
  cuts: fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 60 }),
});

describe('the books balance under random closings, corrections, credits, held, released and given away', () => {
  test('a day is the sum of its sessions, and what was earned is accrued, held, waived or settled', () => {
    fc.assert(
      fc.property(scenario, ({ turns, cuts }) => {
        const { events, invoicedIncl } = play(turns);
        const books = booksOf(events, cuts);
        for (const column of columns) {
          const whole = [...books.sold.values()].reduce((sum, it) => sum + (countedOf(it)?.[column] ?? 0n), 0n);
          expect(books.sum(column), column).toBe(whole);
        }
        const worth = [...books.sold.values()].reduce((sum, it) => sum + it.worth.incl, 0n);
        const rest = books.sum('accrued_incl') + books.sum('held_incl') + books.sum('waived_incl');
        const settled = books.sum('invoiced_incl') + books.sum('credited_incl');
        expect(rest + settled).toBe(worth);
        expect(settled).toBe(invoicedIncl.reduce((sum, it) => sum + it, 0n));
        expect(books.hoursIncl).toBe(worth);
      }),
      { numRuns: 150 },
    );
  });

  test('of a session that is billed nothing is accrued, of one that is held or given away everything is apart', () => {
    fc.assert(
      fc.property(scenario, ({ turns, cuts }) => {
        const world = play(turns);
        world.period();
        const books = booksOf(world.events, cuts);
        for (const it of books.sold.values()) {
          const counted = countedOf(it);
          if (counted === undefined || it.status === 'open') continue;
          expect(counted.accrued_incl, `${it.id} is ${it.status}`).toBe(0n);
          if (it.status === 'held') expect(counted.held_incl).toBe(it.worth.incl);
          if (it.status === 'waived') expect(counted.waived_incl).toBe(it.worth.incl);
          if (it.status === 'billed') expect(counted.invoiced_incl + counted.credited_incl).toBe(it.worth.incl);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('the rows are the same in however many batches the events come', () => {
    fc.assert(
      fc.property(scenario, ({ turns, cuts }) => {
        const { events } = play(turns);
        expect(booksOf(events, cuts).rows()).toEqual(booksOf(events, []).rows());
      }),
      { numRuns: 150 },
    );
  });
});
