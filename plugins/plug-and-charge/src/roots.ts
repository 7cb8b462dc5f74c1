import { apiRoutes, type Context, isUnchanged, jsonRoute, type RouteGroup, tagOf, type Tx, z } from '@plugga/kit';
import { type Certificate, fingerprintOf, isInForce, readChain } from './certificate.ts';
import { failRoot } from './errors.ts';
import type { RootTables, RootUse } from './migrations.ts';

export type RootsContext = Pick<
  Context<unknown, unknown, Record<never, never>, Record<never, never>, RootTables>,
  'clock' | 'db' | 'transaction'
>;

const MOST = 200;
const use = z.enum(['mo', 'v2g', 'oem']).openapi({
  description: 'mo: issues contracts; v2g: stands over stations and contracts; oem: of makers of vehicles',
});
const note = z.string().trim().max(200).nullable().default(null);
const added = z.strictObject({ use, certificate: z.string().max(20_000), note });
const changed = z.strictObject({ use, note });
const shown = z
  .object({
    ...{ id: z.string().openapi({ description: 'SHA-256 of the certificate' }), use, subject: z.string() },
    ...{ certificate: z.string(), validFrom: z.string(), validUntil: z.string(), inForce: z.boolean() },
    ...{ note: z.string().nullable(), addedBy: z.string(), addedAt: z.string() },
    etag: z.string().openapi({ description: 'For If-Match of a change' }),
  })
  .openapi('ContractRoot');
const named = z.object({ id: z.string() });
const etag = ({ etag: own }: { readonly etag: string }): string => own;

type Row = RootTables['contract_root'];
const showRoot = (row: Row, now: number): z.output<typeof shown> => ({
  ...{ id: row.id, use: row.use, subject: row.subject, certificate: row.pem, note: row.note },
  ...{ validFrom: row.valid_from.toISOString(), validUntil: row.valid_until.toISOString() },
  inForce: row.valid_from.getTime() <= now && now <= row.valid_until.getTime(),
  ...{ addedBy: row.added_by, addedAt: row.added_at.toISOString() },
  etag: tagOf([row.id, row.use, row.note]),
});

/** The one certificate of a text, if it is of somebody who may issue others, now. */
function rootIn(pem: string, now: number): Certificate {
  const [root, ...others] = readChain(pem) ?? [];
  if (root === undefined) throw failRoot('contract-root-invalid', '`certificate` holds no certificate in PEM');
  if (others.length > 0)
    throw failRoot(
      'contract-root-invalid',
      `\`certificate\` holds ${others.length + 1} certificates; send each by itself`,
    );
  if (!root.maySign)
    throw failRoot('contract-root-invalid', '`certificate` may not issue others: it is none of an authority');
  if (!isInForce(root, now)) {
    const { validFrom, validTo } = root.x509;
    throw failRoot('contract-root-invalid', `\`certificate\` is in force from ${validFrom} to ${validTo}`);
  }
  return root;
}

/** The certificates that are trusted, of those uses; what is out of date is judged where it is used. */
export const trustedOf = async (
  { db }: RootsContext,
  tx: Tx,
  uses: readonly RootUse[],
): Promise<readonly Certificate[]> => {
  const rows = await db(tx)
    .selectFrom('contract_root')
    .select('pem')
    .where('use', 'in', uses)
    .orderBy('id')
    .limit(MOST)
    .execute();
  return rows.flatMap(({ pem }) => readChain(pem) ?? []);
};

/** Whom contracts must lead to. */
export const rootRoutes = ({ clock, db, transaction }: RootsContext): RouteGroup => {
  /** As it is while nobody else changes it. */
  const held = async (tx: Tx, id: string, ifMatch?: string): Promise<z.output<typeof shown>> => {
    const row = await db(tx)
      .selectFrom('contract_root')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw failRoot('contract-root-unknown', `there is no root "${id}"`);
    const root = showRoot(row, clock.now());
    if (isUnchanged(ifMatch, root.etag)) return root;
    throw failRoot('changed-meanwhile', `the root "${id}" has the tag "${root.etag}", not "${ifMatch}"`);
  };
  return apiRoutes(
    jsonRoute(
      {
        ...{ method: 'get', path: '/', summary: 'Roots that contract certificates of vehicles must lead to' },
        gives: z.object({ items: z.array(shown), next: z.null() }),
      },
      async ({ tenant }) => {
        const rows = await transaction(tenant, (tx) =>
          db(tx).selectFrom('contract_root').selectAll().orderBy('subject').orderBy('id').limit(MOST).execute(),
        );
        return { items: rows.map((row) => showRoot(row, clock.now())), next: null };
      },
    ),
    jsonRoute(
      {
        ...{ method: 'post', path: '/', summary: 'Trusts a root, or an authority below one, from now on' },
        ...{ body: added, gives: shown, status: 201, etag },
      },
      ({ tenant, actor, body, changed: tell }) =>
        transaction(tenant, async (tx) => {
          const now = clock.now();
          const root = rootIn(body.certificate, now);
          const id = fingerprintOf(root);
          const { count } = await db(tx)
            .selectFrom('contract_root')
            .select((it) => it.fn.countAll<string>().as('count'))
            .executeTakeFirstOrThrow();
          if (Number(count) >= MOST) throw failRoot('contract-roots-full', `there are ${MOST} roots already`);
          const [made] = await db(tx)
            .insertInto('contract_root')
            .values({
              ...{
                id,
                tenant,
                use: body.use,
                pem: root.x509.toString(),
                subject: root.x509.subject.replaceAll('\n', ', '),
              },
              ...{ valid_from: new Date(root.from), valid_until: new Date(root.until), note: body.note },
              ...{ added_by: actor, added_at: new Date(now) },
            })
            .onConflict((it) => it.columns(['tenant', 'id']).doNothing())
            .returningAll()
            .execute();
          if (made === undefined) throw failRoot('contract-root-known', `the root "${id}" is there already`);
          const after = showRoot(made, now);
          tell({ subject: `contract-root/${id}`, after: { use: after.use, subject: after.subject } });
          return after;
        }),
    ),
    jsonRoute(
      { method: 'get', path: '/{id}', summary: 'One root', params: named, gives: shown, etag },
      ({ tenant, params: { id } }) => transaction(tenant, (tx) => held(tx, id)),
    ),
    jsonRoute(
      {
        ...{ method: 'put', path: '/{id}', params: named, body: changed, gives: shown, etag },
        summary: 'Changes what a root is for; with If-Match only where nobody else changed it',
      },
      ({ tenant, ifMatch, params: { id }, body }) =>
        transaction(tenant, async (tx) => {
          await held(tx, id, ifMatch);
          await db(tx).updateTable('contract_root').set(body).where('id', '=', id).execute();
          return held(tx, id);
        }),
    ),
    jsonRoute(
      {
        ...{ method: 'delete', path: '/{id}', params: named, gives: named },
        summary: 'Trusts a root no more: what leads to it alone is refused from now on',
      },
      ({ tenant, ifMatch, params: { id } }) =>
        transaction(tenant, async (tx) => {
          await held(tx, id, ifMatch);
          await db(tx).deleteFrom('contract_root').where('id', '=', id).execute();
          return { id };
        }),
    ),
  );
};
