import { createRoute, fail, z, type Tx, pageOf, pageQuery, timeZoneName } from '@plugga/kit';
import { templateById } from '../../device/templates.ts';
import { locationById } from '../../site/locations.ts';
import { hashStationKey, makeStationKey } from '../../site/station-key.ts';
import { alertsOf, evsesOf, variablesOf } from '../../site/station-view.ts';
import {
  changeStation,
  createStation,
  deleteStation,
  identityPattern,
  stationByIdentity,
  stationQuery,
  type StationChange,
  type StationRecord,
} from '../../site/stations.ts';
import type { Db } from '../../site/transact.ts';
import { change, read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { body, empty, json } from '../openapi.ts';
import {
  alertSchema,
  alertShown,
  registration,
  stationSchema,
  stationShown,
  variableSchema,
} from './station-schema.ts';

export const identityParams = z.object({ identity: z.string() });
const stationKey = z
  .string()
  .regex(/^[\x20-\x7e]{16,40}$/, '16 to 40 printable characters')
  .openapi({ description: 'Left out: 20 random bytes are made and shown once as 40 hex digits' });

const defaultProtocol = z
  .string()
  .regex(/^ocpp\d(\.\d){1,2}$/, 'a subprotocol, such as ocpp1.6')
  .nullable()
  .openapi({ description: 'What it speaks where its handshake offers no subprotocol; null: it is turned away then' });
const quiet = z.boolean().openapi({
  description:
    'Nothing is sent to it that nobody asked for: no trigger, no stop of a refused token (certification tests)',
});

const newStation = z.strictObject({
  identity: z.string().regex(identityPattern, 'OCPP identity: up to 48 letters, digits and -_=:+|@.'),
  location: z.string().nullable().optional(),
  securityProfile: z.number().int().min(0).max(3).default(1),
  /** Profile 0: no key, whoever knows the identity is the station. */
  allowInsecure: z.boolean().optional(),
  key: stationKey.optional(),
  timeZone: timeZoneName.nullable().optional(),
  defaultProtocol: defaultProtocol.optional(),
  quiet: quiet.optional(),
  registration: registration.optional(),
});
const stationChange = z
  .strictObject({
    location: z.string().nullable(),
    securityProfile: z.number().int().min(0).max(3),
    allowInsecure: z.boolean(),
    disabled: z.boolean(),
    timeZone: timeZoneName.nullable(),
    defaultProtocol,
    quiet,
    registration,
    template: z
      .string()
      .nullable()
      .openapi({ description: 'The device template that says what its settings should be' }),
    key: stationKey.or(z.literal('new')).openapi({ description: '`new` makes one, shown once' }),
  })
  .partial();
const withKey = stationSchema.extend({
  key: z.string().nullable().openapi({ description: 'Shown this once; null where it has none or keeps its own' }),
});
const whole = stationSchema.extend({
  variables: z.array(variableSchema),
  alerts: z
    .array(alertSchema)
    .openapi({ description: '2.x: what it told of severity 0 to 3 and is not over, gravest first' }),
});

/** Stations by their OCPP identity. */
export const stationRoutes = (deps: HttpDeps) => {
  const shown = async (db: Db, station: StationRecord) =>
    stationShown(station, (await evsesOf(db, [station.id])).get(station.id) ?? [], deps.publicUrl());
  const changed = (tx: Tx, station: StationRecord, told?: Parameters<typeof deps.live.stationChanged>[1]) =>
    deps.transactions.afterCommit(tx, () => deps.live.stationChanged(station, told));
  const spoken = (protocol: string | null): string | null => {
    const { adapters } = deps.dialects;
    if (protocol === null || adapters.some((it) => it.protocol === protocol)) return protocol;
    throw fail('invalid-input', `"${protocol}" is not spoken here: ${adapters.map((it) => it.protocol).join(', ')}`);
  };
  const credentialsOf = (key: string) => hashStationKey(key, deps.installation.secret, deps.random);

  return router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/stations',
        summary: 'Stations by identity, with the state of each connector',
        request: {
          query: pageQuery.extend({
            location: z.string().optional(),
            online: z.enum(['true', 'false']).optional(),
            identity: z.string().optional().openapi({ description: 'Begins with' }),
          }),
        },
        responses: { 200: json(pageOf(stationSchema), 'The stations') },
      }),
      async (c) => {
        const { location, online, identity, ...page } = c.req.valid('query');
        const found = await read(deps, c, async (db) => {
          let query = stationQuery(db);
          if (location !== undefined) query = query.where('location', '=', location);
          if (online !== undefined) query = query.where('online', '=', online === 'true');
          if (identity !== undefined)
            query = query.where((eb) => eb.fn('starts_with', ['identity', eb.val(identity)]), '=', true);
          const rows = await listedBy(query, { text: 'identity' }, page, (row) => row as StationRecord);
          const evses = await evsesOf(
            db,
            rows.items.map((row) => row.id),
          );
          return {
            ...rows,
            items: rows.items.map((row) => stationShown(row, evses.get(row.id) ?? [], deps.publicUrl())),
          };
        });
        return c.json(found, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/stations/{identity}',
        summary: 'One station, with its variables and what there is to look at',
        request: { params: identityParams },
        responses: { 200: json(whole, 'The station') },
      }),
      async (c) => {
        const found = await read(deps, c, async (db) => {
          const station = await stationByIdentity(db, c.req.valid('param').identity);
          const variables = [...(await variablesOf(db, station.id))];
          const alerts = (await alertsOf(db, station.id)).map(alertShown);
          return { ...(await shown(db, station)), variables, alerts };
        });
        return c.json(found, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/stations',
        summary: 'A new station; its key is shown once',
        request: { body: body(newStation) },
        responses: { 201: json(withKey, 'The station and its key') },
      }),
      async (c) => {
        const wanted = c.req.valid('json');
        const made = await change(deps, c, {
          action: 'station.created',
          status: 201,
          run: async (db, tx) => {
            if (wanted.location != null) await locationById(db, wanted.location);
            const insecure = wanted.allowInsecure ?? wanted.securityProfile === 0;
            const key = insecure && wanted.key === undefined ? null : (wanted.key ?? makeStationKey(deps.random));
            const station = await createStation(
              db,
              {
                tenant: c.get('caller').tenant,
                identity: wanted.identity,
                location: wanted.location ?? null,
                securityProfile: wanted.securityProfile,
                allowInsecure: insecure,
                timeZone: wanted.timeZone ?? null,
                defaultProtocol: spoken(wanted.defaultProtocol ?? null),
                quiet: wanted.quiet ?? false,
                registration: wanted.registration ?? null,
                credentials: key === null ? undefined : credentialsOf(key),
              },
              deps.random,
            );
            changed(tx, station);
            const after = await shown(db, station);
            return { subject: station.identity, after, body: { ...after, key } };
          },
        });
        return c.json(made, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/stations/{identity}',
        summary: 'Moves, disables or gives new credentials',
        request: { params: identityParams, body: body(stationChange) },
        responses: { 200: json(withKey, 'As it is now') },
      }),
      async (c) => {
        const wanted = c.req.valid('json');
        const now = await change(deps, c, {
          action: 'station.changed',
          status: 200,
          run: async (db, tx) => {
            const station = await stationByIdentity(db, c.req.valid('param').identity);
            const before = await shown(db, station);
            if (wanted.location != null) await locationById(db, wanted.location);
            if (wanted.template != null) await templateById(db, wanted.template);
            const key = wanted.key === 'new' ? makeStationKey(deps.random) : wanted.key;
            const credentials = key === undefined ? undefined : credentialsOf(key);
            const set: StationChange = {
              ...(wanted.location === undefined ? {} : { location: wanted.location }),
              ...(wanted.securityProfile === undefined ? {} : { security_profile: wanted.securityProfile }),
              ...(wanted.allowInsecure === undefined ? {} : { allow_insecure: wanted.allowInsecure }),
              ...(wanted.disabled === undefined ? {} : { disabled: wanted.disabled }),
              ...(wanted.timeZone === undefined ? {} : { time_zone: wanted.timeZone }),
              ...(wanted.defaultProtocol === undefined ? {} : { default_protocol: spoken(wanted.defaultProtocol) }),
              ...(wanted.quiet === undefined ? {} : { quiet: wanted.quiet }),
              ...(wanted.registration === undefined ? {} : { registration: wanted.registration }),
              ...(wanted.template === undefined ? {} : { template: wanted.template }),
              ...(credentials === undefined
                ? {}
                : {
                    key_hash: Buffer.from(credentials.hash),
                    key_salt: Buffer.from(credentials.salt),
                    pending: null,
                  }),
            };
            const after = await shown(db, await changeStation(db, station.id, set));
            const refused = wanted.disabled === true || credentials !== undefined || wanted.allowInsecure === false;
            // What it is spoken to as is settled when it connects.
            const anew = wanted.defaultProtocol !== undefined || wanted.quiet !== undefined;
            const close = refused ? 'its credentials have changed' : anew ? 'its settings have changed' : undefined;
            changed(tx, station, { close, registration: wanted.registration });
            return { subject: station.identity, before, after, body: { ...after, key: key ?? null } };
          },
        });
        return c.json(now, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/stations/{identity}',
        summary: 'Deletes a station that never charged',
        request: { params: identityParams },
        responses: { 204: empty('Deleted') },
      }),
      async (c) => {
        await change(deps, c, {
          action: 'station.deleted',
          status: 204,
          run: async (db, tx) => {
            const station = await stationByIdentity(db, c.req.valid('param').identity);
            const before = await shown(db, station);
            await deleteStation(db, station);
            changed(tx, station, { close: 'the station was deleted' });
            return { subject: station.identity, before, body: null };
          },
        });
        return c.body(null, 204);
      },
    );
};
