import { createHash, timingSafeEqual } from 'node:crypto';
import {
  apiRoutes,
  type Context,
  fail,
  instant,
  jsonRoute,
  newId,
  type RouteGroup,
  type TenantId,
  z,
} from '@plugga/kit';
import type { MaintenanceTables } from './migrations.ts';
import { receivedIn } from './received.ts';
import type { Config, Settings } from './index.ts';

type UploadContext = Pick<
  Context<Config, Settings, Record<never, never>, Record<never, never>, MaintenanceTables>,
  'clock' | 'config' | 'commands' | 'db' | 'log' | 'publicUrl' | 'random' | 'settings' | 'transaction'
>;
type Db = ReturnType<UploadContext['db']>;

const HOUR_MS = 3_600_000;
const KEPT_MS = 90 * 24 * HOUR_MS;
const SECRET_BYTES = 24;

const time = z.iso.datetime();
const wanted = z.strictObject({
  station: z.string().min(1).max(48).openapi({ description: "The station's OCPP identity" }),
  log: z.enum(['diagnostics', 'security']).default('diagnostics'),
  from: time.optional(),
  until: time.optional(),
  via: z.enum(['here', 'ftp']).default('here').openapi({ description: '`ftp`: to the server of the settings' }),
});
const file = z.object({
  id: z.string(),
  name: z.string(),
  size: z.number().int(),
  sha256: z.string(),
  receivedAt: z.string(),
});
const shown = z
  .object({
    id: z.string(),
    station: z.string(),
    log: z.enum(['diagnostics', 'security']),
    via: z.enum(['here', 'ftp']),
    status: z.enum(['waiting', 'received', 'expired', 'elsewhere']),
    command: z.string().openapi({ description: 'Follow it at GET /stations/{identity}/commands/{id}' }),
    createdAt: z.string(),
    until: z.string(),
    file: file.nullable(),
  })
  .openapi('Upload');

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const numberOf = (random: UploadContext['random']): number =>
  1 + (Buffer.from(random.bytes(4)).readUInt32BE() % (2 ** 31 - 1));

const query = (db: Db) =>
  db
    .selectFrom('upload')
    .leftJoin('upload_file as file', 'file.upload', 'upload.id')
    .select([
      ...(['upload.id', 'identity', 'log', 'command', 'via', 'created_at', 'until_at'] as const),
      ...(['file.id as file_id', 'file.name', 'file.size', 'file.sha256', 'file.received_at'] as const),
    ]);
type Row = Awaited<ReturnType<ReturnType<typeof query>['execute']>>[number];

const show = (row: Row, now: number): z.output<typeof shown> => {
  const { file_id, name, size, sha256, received_at } = row;
  const isThere = file_id !== null && name !== null && size !== null && sha256 !== null && received_at !== null;
  const late = row.until_at.getTime() <= now;
  return {
    id: row.id,
    station: row.identity,
    log: row.log === 'security' ? 'security' : 'diagnostics',
    via: row.via === 'ftp' ? 'ftp' : 'here',
    status: isThere ? 'received' : row.via === 'ftp' ? 'elsewhere' : late ? 'expired' : 'waiting',
    command: row.command,
    createdAt: row.created_at.toISOString(),
    until: row.until_at.toISOString(),
    file: isThere ? { id: file_id, name, size, sha256, receivedAt: received_at.toISOString() } : null,
  };
};

/** What operators ask for and get. */
export const uploadRoutes = (context: UploadContext): RouteGroup => {
  const { clock, config, commands, db, publicUrl, random, settings, transaction } = context;
  const one = async (of: Db, id: string): Promise<z.output<typeof shown>> => {
    const row = await query(of).where('upload.id', '=', id).executeTakeFirst();
    if (row === undefined) throw fail('not-found', `there is no upload "${id}"`);
    return show(row, clock.now());
  };

  const asked = jsonRoute(
    {
      ...{ method: 'post', path: '/', summary: 'Asks a station to send diagnostics or a log' },
      ...{ body: wanted, gives: shown, status: 201 },
    },
    ({ tenant, actor, body: { station: identity, log, from, until, via } }) =>
      transaction(tenant, async (tx) => {
        const found = await db(tx)
          .selectFrom('core.station')
          .select('id')
          .where('identity', '=', identity)
          .executeTakeFirst();
        if (found === undefined) throw fail('not-found', `there is no station "${identity}"`);
        const { ftp } = await settings(tx);
        if (via === 'ftp' && ftp === undefined)
          throw fail('conflict', 'no FTP server is set: PUT /api/v1/plugins/maintenance/settings {"ftp": "ftp://…"}');
        const now = clock.now();
        await db(tx)
          .deleteFrom('upload')
          .where('created_at', '<', new Date(now - KEPT_MS))
          .execute();
        const secret = random.bytes(SECRET_BYTES);
        const here = `${publicUrl}/upload/${encodeURIComponent(tenant)}.${Buffer.from(secret).toString('base64url')}/`;
        const order = {
          ...{ request: numberOf(random), url: via === 'ftp' && ftp !== undefined ? ftp : here },
          ...(from === undefined ? {} : { from }),
          ...(until === undefined ? {} : { until }),
        };
        const command =
          log === 'security'
            ? await commands.send(tx, found.id, 'getLog', { ...order, log })
            : await commands.send(tx, found.id, 'getDiagnostics', order);
        const id = newId(random);
        await db(tx)
          .insertInto('upload')
          .values({
            ...{ id, tenant, station: found.id, identity, log, command, via, actor },
            ...{ secret: via === 'here' ? digest(secret) : null, created_at: new Date(now) },
            until_at: new Date(instant(now + config.uploadHours * HOUR_MS)),
          })
          .execute();
        return one(db(tx), id);
      }),
  );

  const listed = jsonRoute(
    {
      ...{ method: 'get', path: '/', summary: 'What stations were asked to send, newest first' },
      query: z.object({
        limit: z.coerce.number().int().min(1).max(200).default(50),
        cursor: z.string().optional(),
        station: z.string().optional(),
      }),
      gives: z.object({ items: z.array(shown), next: z.string().nullable() }),
    },
    ({ tenant, query: { limit, cursor, station } }) =>
      transaction(tenant, async (tx) => {
        let rows = query(db(tx))
          .orderBy('created_at', 'desc')
          .orderBy('upload.id')
          .limit(limit + 1);
        if (station !== undefined) rows = rows.where('identity', '=', station);
        if (cursor !== undefined) {
          const after = db(tx).selectFrom('upload as after').where('after.id', '=', cursor);
          const at = after.select('after.created_at');
          rows = rows.where((eb) =>
            eb.or([eb('created_at', '<', at), eb.and([eb('created_at', '=', at), eb('upload.id', '>', cursor)])]),
          );
        }
        const found = await rows.execute();
        const items = found.slice(0, limit).map((row) => show(row, clock.now()));
        return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
      }),
  );

  const shownOne = jsonRoute(
    { method: 'get', path: '/{id}', summary: 'One of them', params: z.object({ id: z.string() }), gives: shown },
    ({ tenant, params: { id } }) => transaction(tenant, (tx) => one(db(tx), id)),
  );

  const group = apiRoutes(asked, listed, shownOne);
  return {
    ...group,
    mount: (app) => {
      group.mount(app);
      app.get('/:id/files/:file', async (c) => {
        const { id, file: of } = c.req.param();
        const found = await transaction(c.get('caller').tenant, (tx) =>
          db(tx)
            .selectFrom('upload_file')
            .select(['name', 'bytes'])
            .where('id', '=', of)
            .where('upload', '=', id)
            .executeTakeFirst(),
        );
        if (found === undefined) throw fail('not-found', `there is no file "${of}" of upload "${id}"`);
        return c.body(new Uint8Array(found.bytes), 200, {
          'content-type': 'application/octet-stream',
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`,
        });
      });
    },
  };
};

/** Where stations send to: whoever knows the path may put one file there, once. */
export const uploadDoor = ({ clock, config, db, log, random, transaction }: UploadContext): RouteGroup => ({
  auth: 'own',
  bodyMiB: config.uploadMiB + 1,
  mount: (app) => {
    app.on(['PUT', 'POST'], ['/:once', '/:once/*'], async (c) => {
      const once = c.req.param('once') ?? '';
      const dot = once.lastIndexOf('.');
      const tenant = decodeURIComponent(once.slice(0, Math.max(dot, 0))) as TenantId;
      const secret = digest(Buffer.from(once.slice(dot + 1), 'base64url'));
      const find = (of: Db) =>
        of
          .selectFrom('upload')
          .leftJoin('upload_file as file', 'file.upload', 'upload.id')
          .select(['upload.id', 'upload.identity', 'upload.secret', 'until_at', 'file.id as file_id'])
          .where('upload.secret', '=', secret)
          .executeTakeFirst();
      const known = await transaction(tenant, (tx) => find(db(tx)));
      // Nobody learns whether a path was ever good.
      const isOpen =
        known?.secret != null &&
        timingSafeEqual(known.secret, secret) &&
        known.file_id === null &&
        known.until_at.getTime() > clock.now();
      if (known === undefined || !isOpen) throw fail('not-found', 'there is nothing here, or not any more');
      const rest = c.req.path.split('/').slice(3).join('/');
      const received = await receivedIn(c.req.raw, { rest, most: config.uploadMiB * 1024 * 1024 });
      if ('why' in received) return c.text(`${received.why}\n`, received.status);
      const { name, bytes } = received;
      const kept = await transaction(tenant, (tx) =>
        db(tx)
          .insertInto('upload_file')
          .values({
            ...{ id: newId(random), tenant, upload: known.id, name, bytes: Buffer.from(bytes), size: bytes.length },
            ...{ sha256: digest(bytes).toString('hex'), received_at: new Date(clock.now()) },
          })
          .onConflict((it) => it.column('upload').doNothing())
          .returning('id')
          .executeTakeFirst(),
      );
      if (kept === undefined) throw fail('not-found', 'there is nothing here, or not any more');
      log.info('file received', { station: known.identity, upload: known.id, name, bytes: bytes.length });
      return c.text('received\n', 201);
    });
  },
});
