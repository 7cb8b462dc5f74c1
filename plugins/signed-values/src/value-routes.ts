import {
  apiRoutes,
  jsonRoute,
  type RouteGroup,
  type SessionId,
  signedReason,
  signedResult,
  z,
  keysetOf,
  paged,
  pageQuery,
  pageOf,
} from '@plugga/kit';
import { closingsOf, sayOf, type SignedContext } from './closings.ts';
import { failSigned } from './errors.ts';
import { transparencyXml } from './export.ts';
import { lookAt, type Looked } from './judging.ts';
import type { SignedValueTables } from './migrations.ts';

const time = z.iso.datetime();
const summary = z.object({
  session: z.string(),
  closing: z.string().openapi({ description: 'The event of the log that this is about' }),
  result: signedResult,
  format: z.string().nullable(),
  meter: z.string().nullable(),
  energyWh: z.number().int().nullable().openapi({ description: 'As signed' }),
  billedWh: z.number().int(),
  reasons: z.array(signedReason),
  judgedAt: time,
});
const shown = summary.openapi('SignedValues');
const record = z.object({
  id: z.string(),
  format: z.string(),
  context: z.string().nullable(),
  at: time,
  receivedAt: time,
  meter: z.string().nullable(),
  pagination: z.string().nullable(),
  sha256: z.string().openapi({ description: 'Of `value` in UTF-8' }),
  value: z.string().openapi({ description: 'As the station sent it' }),
  result: signedResult,
  reasons: z.array(signedReason),
  publicKey: z
    .string()
    .nullable()
    .openapi({ description: 'The registered key that it is verified with: DER, hexadecimal' }),
  fields: z.record(z.string(), z.unknown()).nullable().openapi({ description: 'All of the payload of an OCMF record' }),
});
const detail = summary.extend({ records: z.array(record) }).openapi('SignedValuesOfSession');

type ClosingRow = SignedValueTables['closing'];

const show = ({ session, claim, verdict, judged_at }: ClosingRow): z.output<typeof shown> => ({
  ...{ session, closing: verdict.closing, result: verdict.result, format: verdict.format ?? null },
  ...{ meter: verdict.meter ?? null, energyWh: verdict.energyWh ?? null, billedWh: claim.energyWh },
  ...{ reasons: verdict.reasons, judgedAt: judged_at.toISOString() },
});

const showRecord = ({ row, record: read, check }: Looked): z.output<typeof record> => ({
  ...{ id: row.id, format: row.format, context: row.context, meter: row.meter, sha256: row.sha256, value: row.value },
  ...{ at: row.at.toISOString(), receivedAt: row.received_at.toISOString() },
  pagination: read?.pagination === undefined ? null : `${read.pagination.context}${read.pagination.number}`,
  ...{ result: check.result, reasons: [...check.reasons] },
  publicKey: check.result === 'verified' ? check.key.spki : null,
  fields: read?.fields ?? null,
});

/** What the signed values of sessions prove, with the records themselves. */
export const valueRoutes = (context: SignedContext): RouteGroup => {
  const { db, transaction } = context;
  const of = z.object({ session: z.string() });

  const closingRow = async (tx: Parameters<typeof db>[0], session: string): Promise<ClosingRow> => {
    const row = await db(tx)
      .selectFrom('closing')
      .selectAll()
      .where('session', '=', session as SessionId)
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) throw failSigned('signed-values-unknown', `nothing signed is known of session "${session}"`);
    return row;
  };
  const looked = async (tx: Parameters<typeof db>[0], { session, claim }: ClosingRow): Promise<readonly Looked[]> =>
    (await lookAt(db(tx), [{ session, claim }])).get(session) ?? [];

  const listed = jsonRoute(
    {
      ...{ method: 'get', path: '/', summary: 'What signed values prove of each closing, newest first' },
      query: pageQuery.extend({
        ...{ session: z.string().optional(), result: signedResult.optional() },
        meter: z.string().max(100).optional().openapi({ description: 'Sessions with a record of this meter' }),
      }),
      gives: pageOf(shown),
    },
    async ({ tenant, query: { limit, cursor, session, result, meter } }) => {
      const rows = await transaction(tenant, (tx) => {
        let query = db(tx)
          .selectFrom('closing')
          .selectAll()
          .orderBy('position', 'desc')
          .limit(limit + 1);
        if (session !== undefined) query = query.where('session', '=', session as SessionId);
        if (result !== undefined) query = query.where('result', '=', result);
        if (meter !== undefined)
          query = query.where('session', 'in', (of) =>
            of.selectFrom('record').select('record.session').where('record.meter', '=', meter),
          );
        const [before] = keysetOf(cursor, 1, /^\d{1,18}$/) ?? [];
        if (before !== undefined) query = query.where('position', '<', before);
        return query.execute();
      });
      return paged(rows, limit, ({ position }) => [position], show);
    },
  );
  const one = jsonRoute(
    { method: 'get', path: '/{session}', summary: 'Of one session, with its records', params: of, gives: detail },
    ({ tenant, params: { session } }) =>
      transaction(tenant, async (tx) => {
        const row = await closingRow(tx, session);
        return { ...show(row), records: (await looked(tx, row)).map(showRecord) };
      }),
  );
  const again = jsonRoute(
    {
      ...{ method: 'post', path: '/{session}/check', summary: 'Checks once more, with the keys and settings of now' },
      ...{ params: of, gives: detail },
    },
    ({ tenant, params: { session } }) =>
      transaction(tenant, async (tx) => {
        await closingRow(tx, session);
        await sayOf(context, tx, await closingsOf(context, tx, [session as SessionId]));
        const row = await closingRow(tx, session);
        return { ...show(row), records: (await looked(tx, row)).map(showRecord) };
      }),
  );

  const group = apiRoutes(listed, one, again);
  return {
    ...group,
    mount: (app) => {
      group.mount(app);
      app.get('/:session/export.xml', async (c) => {
        const session = c.req.param('session');
        const xml = await transaction(c.get('caller').tenant, async (tx) => {
          const row = await closingRow(tx, session);
          const known = await db(tx)
            .selectFrom('core.session')
            .select('transaction_id')
            .where('id', '=', session as SessionId)
            .executeTakeFirst();
          const records = (await looked(tx, row)).map(({ row: { value, context: ocpp }, check }) => ({
            ...{ value, context: ocpp },
            ...(check.result === 'verified' ? { publicKey: check.key.spki } : {}),
          }));
          return transparencyXml(known?.transaction_id ?? session, records);
        });
        return c.body(xml, 200, {
          'content-type': 'application/xml; charset=utf-8',
          'content-disposition': `attachment; filename="signed-values-${session.replaceAll(/[^\w-]/g, '_')}.xml"`,
        });
      });
    },
  };
};
