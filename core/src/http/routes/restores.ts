import { createRoute, fail, iso, z, pageOf, pageQuery } from '@plugga/kit';
import { gapFacts } from '../../backup/gap-facts.ts';
import { gapReport } from '../../backup/gap.ts';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { instantText, json } from '../openapi.ts';

const restore = z
  .object({
    id: z.string(),
    backupAt: instantText,
    restoredAt: instantText,
    position: z.string().openapi({ description: 'The newest event of the backup' }),
    numbersAfter: z.number().nullable(),
  })
  .openapi('Restore');

const sessions = (description: string) => z.array(z.string()).openapi({ description });
const report = restore
  .extend({
    seconds: z.number().openapi({ description: 'Between backup and restore' }),
    missingWh: z
      .number()
      .openapi({ description: 'Given by registers in that time and in no session, as far as it shows' }),
    energy: z.array(
      z.object({
        station: z.string(),
        evse: z.number().nullable(),
        connector: z.number().nullable(),
        wh: z.number(),
        from: instantText,
        to: instantText,
      }),
    ),
    toldAgain: sessions('Sessions of that time that stations have told again'),
    held: sessions('Sessions that may have been billed before, and are held'),
    withoutStart: sessions('Sessions whose start was lost, or whose stop was taken for that of one that was lost'),
    withGaps: sessions('Sessions with messages missing, by their sequence numbers'),
    orphans: z.array(z.object({ station: z.string(), transaction: z.string(), at: instantText })),
    silent: z
      .array(z.string())
      .openapi({ description: 'Stations not heard of since: what they have queued is to come' }),
  })
  .openapi('RestoreReport');

interface Row {
  readonly id: string;
  readonly backup_at: Date;
  readonly restored_at: Date;
  readonly position: string;
  readonly resumed_after: string;
  readonly numbers_after: string | null;
}
const shown = (row: Row): z.output<typeof restore> => ({
  id: row.id,
  backupAt: row.backup_at.toISOString(),
  restoredAt: row.restored_at.toISOString(),
  position: row.position,
  numbersAfter: row.numbers_after === null ? null : Number(row.numbers_after),
});

/** That this installation was restored from a backup, and what is missing since. */
export const restoreRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/restores',
        summary: 'Restores of this installation from a backup, newest first',
        request: { query: pageQuery },
        responses: { 200: json(pageOf(restore), 'Newest first') },
      }),
      async (c) => {
        const { limit, cursor } = c.req.valid('query');
        const rows = await read(deps, c, (db) => {
          const query = db
            .selectFrom('core.restore')
            .selectAll()
            .orderBy('resumed_after', 'desc')
            .limit(limit + 1);
          return (cursor === undefined ? query : query.where('resumed_after', '<', positionIn(cursor))).execute();
        });
        const items = rows.slice(0, limit);
        const next = rows.length > limit ? (items.at(-1)?.resumed_after ?? null) : null;
        return c.json({ items: items.map(shown), next }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/restores/{id}',
        summary: 'What a restore has lost, as far as it shows by now',
        request: { params: z.object({ id: z.string() }) },
        responses: { 200: json(report, 'The report') },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const found = await read(deps, c, async (db) => {
          const row = await db.selectFrom('core.restore').selectAll().where('id', '=', id).executeTakeFirst();
          if (row === undefined) throw fail('not-found', `there was no restore "${id}"`);
          return { row, missing: gapReport(await gapFacts(db, row)) };
        });
        const { row, missing } = found;
        return c.json(
          {
            ...shown(row),
            seconds: Math.round((row.restored_at.getTime() - row.backup_at.getTime()) / 1_000),
            ...missing,
            energy: missing.energy.map((one) => ({ ...one, from: iso(one.from), to: iso(one.to) })),
            toldAgain: [...missing.toldAgain],
            held: [...missing.held],
            withoutStart: [...missing.withoutStart],
            withGaps: [...missing.withGaps],
            orphans: missing.orphans.map((one) => ({ ...one, at: iso(one.at) })),
            silent: [...missing.silent],
          },
          200,
        );
      },
    );

const positionIn = (cursor: string): string => {
  if (!/^\d{1,18}$/.test(cursor)) throw fail('invalid-cursor', 'the cursor is not one of this list');
  return cursor;
};
