import { createRoute, csvLine, decimalOf, fail, z, type CsvCell, type JsonRoute } from '@plugga/kit';
import { dayAfter, localHour } from './local-hour.ts';
import { dimensions, type Asked, reportRows, type ReportRow, totalsOf } from './report.ts';
import { booksSchema, countsSchema, type RouteContext } from './shapes.ts';
import { shownBooks, shownCounts } from './totals.ts';

const day = z.iso.date();
const query = z.object({
  by: z.enum(dimensions).default('day'),
  from: day.optional().openapi({ description: 'First day, in the zone of each site; 30 days before `until`' }),
  until: day.optional().openapi({ description: 'The day after the last; tomorrow' }),
  site: z.string().optional(),
  station: z.string().optional(),
  customer: z.string().optional(),
  tariff: z.string().optional(),
  channel: z.string().optional(),
  costCentre: z.string().optional(),
  margin: z.enum(['true', 'false']).optional().openapi({ description: 'Also what the energy has cost' }),
  format: z.enum(['json', 'csv']).default('json'),
});

const margin = z.object({
  energyCost: z.string(),
  margin: z.string().openapi({ description: 'Net revenue of the sessions whose cost is known, less that cost' }),
  costed: z.number().int(),
  uncosted: z.number().int().openapi({ description: 'Sessions that are not closed, or of an hour without a price' }),
  uncostedNet: z.string(),
  uncostedWh: z.number().int(),
});
const row = z
  .object({ key: z.string().nullable(), label: z.string().nullable(), currency: z.string().nullable() })
  .extend(countsSchema.shape)
  .extend(booksSchema.shape)
  .extend({ margin: margin.optional() });
const report = z.object({
  by: z.enum(dimensions),
  from: z.string(),
  until: z.string(),
  items: z.array(row),
  totals: z.array(row).openapi({ description: 'Of each currency; the sum of the items' }),
  next: z.null(),
});

const mostDays = 1_100;

const amountIn = (currency: string, minor: string | null | undefined): string =>
  decimalOf({ currency: currency === '' ? 'EUR' : currency, minor: BigInt(minor ?? 0) });

const shownMargin = (it: ReportRow): z.output<typeof margin> => ({
  energyCost: amountIn(it.currency, it.cost),
  margin: amountIn(it.currency, it.margin),
  costed: Number(it.costed ?? 0),
  uncosted: Number(it.uncosted ?? 0),
  uncostedNet: amountIn(it.currency, it.uncosted_net),
  uncostedWh: Number(it.uncosted_wh ?? 0),
});
const shownRow = (it: ReportRow, withMargin: boolean): z.output<typeof row> => ({
  ...{ key: it.key, label: it.label, currency: it.currency === '' ? null : it.currency },
  ...shownCounts(it),
  ...shownBooks(it),
  ...(withMargin ? { margin: shownMargin(it) } : {}),
});

const books = ['earned', 'accrued', 'held', 'waived', 'settled', 'invoiced', 'credited'] as const;
const parts = ['exclVat', 'vat', 'inclVat'] as const;
const counts = ['sessions', 'unpriced', 'energyWh', 'bills', 'billedWh'] as const;
const margins = ['energyCost', 'margin', 'costed', 'uncosted', 'uncostedNet', 'uncostedWh'] as const;

function* csv(asked: Asked, rows: readonly ReportRow[]): Generator<string> {
  const titled = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  yield csvLine([
    ...[asked.by, 'label', 'currency', ...counts],
    ...books.flatMap((book) => parts.map((part) => `${book}${titled(part)}`)),
    ...(asked.margin ? margins : []),
  ]);
  const line = (it: ReportRow, key: CsvCell): string => {
    const shown = shownRow(it, asked.margin);
    return csvLine([
      ...[key, shown.label, shown.currency],
      ...counts.map((name) => shown[name]),
      ...books.flatMap((book) => parts.map((part) => shown[book][part])),
      ...margins.flatMap((name) => shown.margin?.[name] ?? []),
    ]);
  };
  for (const it of rows) yield line(it, it.key);
  for (const it of totalsOf(rows, asked.margin)) yield line(it, 'total');
}

function* json(asked: Asked, rows: readonly ReportRow[]): Generator<string> {
  const { by, from, until } = asked;
  yield `${JSON.stringify({ by, from, until }).slice(0, -1)},"items":[`;
  for (const [at, it] of rows.entries()) yield `${at === 0 ? '' : ','}${JSON.stringify(shownRow(it, asked.margin))}`;
  const totals = totalsOf(rows, asked.margin).map((it) => shownRow(it, asked.margin));
  yield `],"totals":${JSON.stringify(totals)},"next":null}`;
}

/** Made as it is read: a reader that is slow holds rows, and nothing of the database. */
const streamed = (text: Generator<string>): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull: (controller) => {
      let chunk = '';
      while (chunk.length < 32_768) {
        const next = text.next();
        if (next.done === true) {
          if (chunk !== '') controller.enqueue(encoder.encode(chunk));
          controller.close();
          return;
        }
        chunk += next.value;
      }
      controller.enqueue(encoder.encode(chunk));
    },
  });
};

/** Sold by day, site, station, customer, tariff, channel or cost centre. */
export const reportRoute =
  ({ db, transaction, clock }: RouteContext): JsonRoute =>
  (app) =>
    app.openapi(
      createRoute({
        method: 'get',
        path: '/report',
        summary: 'Revenue by day, site, station, customer, tariff, channel or cost centre, as JSON or CSV',
        request: { query },
        responses: {
          200: {
            description: 'Rows in the order of their key, and totals that are their sum',
            content: { 'application/json': { schema: report }, 'text/csv': { schema: z.string() } },
          },
        },
      }),
      async (c) => {
        const { from, until, margin: withMargin, format, ...filter } = c.req.valid('query');
        const last = until ?? dayAfter(localHour(clock.now(), 'UTC').day, 2);
        const asked: Asked = {
          ...filter,
          from: from ?? dayAfter(last, -31),
          until: last,
          margin: withMargin === 'true',
        };
        const days = (Date.parse(asked.until) - Date.parse(asked.from)) / 86_400_000;
        if (days < 1) throw fail('invalid-input', `until ("${asked.until}") is not after from ("${asked.from}")`);
        if (days > mostDays) throw fail('invalid-input', `from and until are ${days} days apart; at most ${mostDays}`);
        const { tenant } = c.get('caller');
        const { rows, whole } = await transaction(tenant, (tx) => reportRows(db(tx), asked));
        if (!whole)
          throw fail(
            'invalid-input',
            `a report has at most 200000 rows: ask for fewer days or less than all by ${asked.by}`,
          );
        const csvAsked = format === 'csv' || (c.req.header('accept') ?? '').includes('text/csv');
        if (!csvAsked) return c.body(streamed(json(asked, rows)), 200, { 'content-type': 'application/json' }) as never;
        const name = `revenue-${asked.by}-${asked.from}-${asked.until}.csv`;
        return c.body(streamed(csv(asked, rows)), 200, {
          'content-type': 'text/csv; charset=utf-8; header=present',
          'content-disposition': `attachment; filename="${name}"`,
        }) as never;
      },
    );
