import {
  apiRoutes,
  type Context,
  jsonRoute,
  newId,
  type RouteGroup,
  z,
  keysetOf,
  paged,
  pageQuery,
  pageOf,
} from '@plugga/kit';
import type { SignedContext } from './closings.ts';
import { failSigned } from './errors.ts';
import type { SignedValueTables } from './migrations.ts';
import { type PublicKey, readPublicKey } from './public-key.ts';
import type { Db } from './store.ts';

export const work = { rejudge: z.object({ serial: z.string(), after: z.string().optional() }) };
type MeterContext = SignedContext &
  Pick<Context<unknown, unknown, Record<never, never>, typeof work, SignedValueTables>, 'enqueue'>;

const time = z.iso.datetime();
const key = z
  .object({
    fingerprint: z.string().openapi({ description: 'SHA-256 of the key as DER' }),
    curve: z.string(),
    publicKey: z.string().openapi({ description: 'SubjectPublicKeyInfo, DER, hexadecimal' }),
    from: time.nullable(),
    until: time.nullable(),
    registeredBy: z.string(),
    registeredAt: time,
    withdrawnBy: z.string().nullable(),
    withdrawnAt: time.nullable(),
    note: z.string().nullable(),
  })
  .openapi('MeterKey');
const found = z
  .object({
    station: z.string().openapi({ description: "The station's OCPP identity" }),
    name: z.string().openapi({ description: 'The variable that holds it, or `record` where it came beside one' }),
    serial: z.string().nullable(),
    fingerprint: z.string(),
    curve: z.string(),
    publicKey: z.string(),
    trusted: z.boolean().openapi({ description: 'Somebody has registered this key for a meter' }),
    firstSeenAt: time,
    lastSeenAt: time,
  })
  .openapi('FoundMeterKey');
const meter = z
  .object({
    serial: z.string(),
    station: z.string().nullable(),
    firstSeenAt: time.nullable(),
    lastSeenAt: time.nullable(),
    keys: z.array(key),
  })
  .openapi('Meter');
const wanted = z
  .strictObject({
    publicKey: z.string().max(4_000).optional(),
    fingerprint: z
      .string()
      .max(64)
      .optional()
      .openapi({ description: 'Of a key that was found, in place of `publicKey`' }),
    curve: z.string().max(40).optional(),
    from: time.optional(),
    until: time.optional(),
    note: z.string().max(200).optional(),
  })
  .refine((it) => (it.publicKey === undefined) !== (it.fingerprint === undefined), {
    message: 'give `publicKey`, or the `fingerprint` of one that was found',
  })
  .refine((it) => it.from === undefined || it.until === undefined || it.from < it.until, {
    message: '`from` must be before `until`',
  });

type KeyRow = SignedValueTables['meter_key'];
const text = (at: Date | null): string | null => at?.toISOString() ?? null;
const showKey = (row: KeyRow): z.output<typeof key> => ({
  ...{ fingerprint: row.fingerprint, curve: row.curve, publicKey: row.spki, note: row.note },
  ...{ from: text(row.valid_from), until: text(row.valid_until), registeredBy: row.registered_by },
  registeredAt: row.registered_at.toISOString(),
  ...{ withdrawnBy: row.withdrawn_by, withdrawnAt: text(row.withdrawn_at) },
});

const SERIAL = z.object({ serial: z.string().min(1).max(100) });

const keysOf = (db: Db, serials: readonly string[]) =>
  serials.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('meter_key')
        .selectAll()
        .where('serial', 'in', serials)
        .orderBy('registered_at', 'desc')
        .orderBy('id')
        .limit(2_000)
        .execute();

/** Meters and the keys that are registered for them. */
export const meterRoutes = (context: MeterContext): RouteGroup => {
  const { clock, db, enqueue, random, transaction } = context;

  const metersIn = async (of: Db, o: { limit: number; after?: string; serial?: string }) => {
    let query = of
      .selectFrom('meter')
      .leftJoin('core.station', 'core.station.id', 'meter.station')
      .select(['meter.serial', 'core.station.identity', 'meter.first_seen_at', 'meter.last_seen_at'])
      .orderBy('meter.serial')
      .limit(o.limit);
    if (o.after !== undefined) query = query.where('meter.serial', '>', o.after);
    if (o.serial !== undefined) query = query.where('meter.serial', '=', o.serial);
    const rows = await query.execute();
    const keys = await keysOf(
      of,
      rows.map(({ serial }) => serial),
    );
    return rows.map(({ serial, identity, first_seen_at, last_seen_at }): z.output<typeof meter> => ({
      ...{ serial, station: identity, firstSeenAt: text(first_seen_at), lastSeenAt: text(last_seen_at) },
      keys: keys.filter((it) => it.serial === serial).map(showKey),
    }));
  };

  const listed = jsonRoute(
    {
      ...{ method: 'get', path: '/', summary: 'Meters that have signed or have a key, by serial number' },
      ...{ query: pageQuery, gives: pageOf(meter) },
    },
    ({ tenant, query: { limit, cursor } }) =>
      transaction(tenant, async (tx) => {
        const [after] = keysetOf(cursor, 1, /^[^]{1,100}$/) ?? [];
        const rows = await metersIn(db(tx), { limit: limit + 1, ...(after === undefined ? {} : { after }) });
        return paged(
          rows,
          limit,
          ({ serial }) => [serial],
          (it) => it,
        );
      }),
  );
  const one = jsonRoute(
    { method: 'get', path: '/{serial}', summary: 'One meter with its keys', params: SERIAL, gives: meter },
    ({ tenant, params: { serial } }) =>
      transaction(tenant, async (tx) => {
        const [known] = await metersIn(db(tx), { limit: 1, serial });
        if (known === undefined) throw failSigned('meter-unknown', `there is no meter "${serial}"`);
        return known;
      }),
  );

  const keyWanted = async (of: Db, { publicKey, fingerprint, curve }: z.output<typeof wanted>): Promise<PublicKey> => {
    const row =
      fingerprint === undefined
        ? undefined
        : await of.selectFrom('found_key').select('spki').where('fingerprint', '=', fingerprint).executeTakeFirst();
    if (fingerprint !== undefined && row === undefined)
      throw failSigned('meter-key-unknown', `no key "${fingerprint}" was found; see GET /api/v1/meter-keys/found`);
    const read = readPublicKey(row?.spki ?? publicKey ?? '', curve);
    if (!read.ok) throw failSigned('meter-key-invalid', read.reason);
    return read.key;
  };

  const registered = jsonRoute(
    {
      ...{
        method: 'put',
        path: '/{serial}/key',
        summary: 'Registers a public key for a meter: from now on it is trusted',
      },
      ...{ params: SERIAL, body: wanted, gives: key },
    },
    ({ tenant, actor, params: { serial }, body }) =>
      transaction(tenant, async (tx) => {
        const { curve, fingerprint, spki } = await keyWanted(db(tx), body);
        const validity = {
          valid_from: body.from === undefined ? null : new Date(body.from),
          valid_until: body.until === undefined ? null : new Date(body.until),
          note: body.note ?? null,
        };
        const now = new Date(clock.now());
        const same = await db(tx)
          .updateTable('meter_key')
          .set({ ...validity, registered_by: actor, registered_at: now })
          .where('serial', '=', serial)
          .where('fingerprint', '=', fingerprint)
          .where('withdrawn_at', 'is', null)
          .returningAll()
          .executeTakeFirst();
        const row =
          same ??
          (await db(tx)
            .insertInto('meter_key')
            .values({
              ...{ id: newId(random), tenant, serial, spki, fingerprint, curve: curve.name, ...validity },
              ...{ registered_by: actor, registered_at: now, withdrawn_by: null, withdrawn_at: null },
            })
            .returningAll()
            .executeTakeFirstOrThrow());
        await db(tx)
          .insertInto('meter')
          .values({ tenant, serial, station: null, first_seen_at: null, last_seen_at: null })
          .onConflict((it) => it.columns(['tenant', 'serial']).doNothing())
          .execute();
        await enqueue(tx, 'rejudge', { serial }, { key: `rejudge/${serial}` });
        return showKey(row);
      }),
  );
  const withdrawn = jsonRoute(
    {
      ...{ method: 'delete', path: '/{serial}/keys/{fingerprint}', summary: 'Trusts the key no more, for any time' },
      ...{ params: SERIAL.extend({ fingerprint: z.string() }), gives: key },
    },
    ({ tenant, actor, params: { serial, fingerprint } }) =>
      transaction(tenant, async (tx) => {
        const row = await db(tx)
          .updateTable('meter_key')
          .set({ withdrawn_by: actor, withdrawn_at: new Date(clock.now()) })
          .where('serial', '=', serial)
          .where('fingerprint', '=', fingerprint)
          .where('withdrawn_at', 'is', null)
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) throw failSigned('meter-key-unknown', `meter "${serial}" has no key "${fingerprint}"`);
        return showKey(row);
      }),
  );
  return apiRoutes(listed, one, registered, withdrawn);
};

/** Those of these keys that are registered for some meter. */
async function fingerprintsIn(db: Db, wanted: readonly string[]): Promise<ReadonlySet<string>> {
  if (wanted.length === 0) return new Set();
  const rows = await db
    .selectFrom('meter_key')
    .select('fingerprint')
    .where('fingerprint', 'in', wanted)
    .where('withdrawn_at', 'is', null)
    .execute();
  return new Set(rows.map(({ fingerprint }) => fingerprint));
}

/** Keys that stations tell of their meters: somebody must look at the meter before they are trusted. */
export const foundRoutes = ({ db, transaction }: MeterContext): RouteGroup =>
  apiRoutes(
    jsonRoute(
      {
        ...{ method: 'get', path: '/found', summary: 'Keys that stations tell; trusted only once they are registered' },
        query: z.object({ station: z.string().optional() }),
        gives: z.object({ items: z.array(found) }),
      },
      ({ tenant, query: { station } }) =>
        transaction(tenant, async (tx) => {
          let query = db(tx)
            .selectFrom('found_key')
            .innerJoin('core.station', 'core.station.id', 'found_key.station')
            .select(['core.station.identity', 'name', 'serial', 'fingerprint', 'curve', 'spki'])
            .select(['first_seen_at', 'last_seen_at'])
            .orderBy('last_seen_at', 'desc')
            .orderBy('fingerprint')
            .limit(200);
          if (station !== undefined) query = query.where('core.station.identity', '=', station);
          const rows = await query.execute();
          const registered = await fingerprintsIn(
            db(tx),
            rows.map(({ fingerprint }) => fingerprint),
          );
          const items = rows.map((row) => ({
            ...{ station: row.identity, name: row.name, serial: row.serial, fingerprint: row.fingerprint },
            ...{ curve: row.curve, publicKey: row.spki, trusted: registered.has(row.fingerprint) },
            ...{ firstSeenAt: row.first_seen_at.toISOString(), lastSeenAt: row.last_seen_at.toISOString() },
          }));
          return { items };
        }),
    ),
  );
