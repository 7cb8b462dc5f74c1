import {
  type Adapter,
  type Capabilities,
  createRoute,
  type StationId,
  type StationView,
  type Tx,
  z,
  pageOf,
  pageQuery,
} from '@plugga/kit';
import { type Drift, driftOf, type Known, settingsFor, writesOf } from '../../device/drift.ts';
import { type Template, templateById } from '../../device/templates.ts';
import { knownOf } from '../../device/variables.ts';
import { recordOf, stationByIdentity, stationQuery, type StationRecord } from '../../site/stations.ts';
import { type Db, own } from '../../site/transact.ts';
import { change, read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { instantText, json } from '../openapi.ts';
import { identityParams } from './stations.ts';

const states = ['same', 'differs', 'unread', 'unsupported', 'readonly', 'afterReboot'] as const;
const driftSchema = z
  .object({
    name: z.string(),
    wanted: z.string(),
    has: z.string().nullable(),
    state: z.enum(states).openapi({
      description:
        '`unread`: it was never asked. `unsupported`: it has no such variable. `readonly`: it differs and cannot be written. `afterReboot`: it took it, and has not booted since',
    }),
    readAt: instantText.nullable(),
    written: z
      .object({ value: z.string(), status: z.string(), at: instantText })
      .nullable()
      .openapi({ description: 'How it took our last writing of it' }),
  })
  .openapi('Drift');
const words = z.array(z.string()).optional();
const count = z.number().int().optional();
const capabilitiesSchema = z
  .object({
    profiles: words,
    evses: count,
    measurands: words,
    alignedMeasurands: words,
    chargingRateUnits: z.array(z.enum(['W', 'A'])).optional(),
    maxStackLevel: count,
    maxSchedulePeriods: count,
    maxProfiles: count,
    localListLength: count,
    localListPerMessage: count,
    variablesPerRead: count,
    reservesWholeStation: z.boolean().optional(),
    switchesPhases: z.boolean().optional(),
    securityProfile: count,
  })
  .openapi('Capabilities', { description: 'What the station has told of itself; what it has not told is not there' });
const deviceSchema = z
  .object({
    identity: z.string(),
    template: z.object({ id: z.string(), name: z.string() }).nullable(),
    readAt: instantText.nullable().openapi({ description: 'When it last told anything of its settings' }),
    drifted: z.number().int().openapi({ description: 'Settings that are not as the template says' }),
    drift: z.array(driftSchema),
    capabilities: capabilitiesSchema,
  })
  .openapi('Device');
const appliedSchema = z
  .object({
    station: z.string(),
    command: z.string().nullable().openapi({ description: 'The writeVariables that does it; null: nothing to write' }),
    values: z.record(z.string(), z.string()),
  })
  .openapi('TemplateApplied');
const stationDriftSchema = z.object({
  identity: z.string(),
  online: z.boolean(),
  readAt: instantText.nullable(),
  drifted: z.number().int(),
});

const newestOf = (known: readonly Known[]): string | null =>
  known
    .reduce<Date | undefined>((newest, { readAt }) => (newest && newest > readAt ? newest : readAt), undefined)
    ?.toISOString() ?? null;
const shown = ({ readAt, written, ...it }: Drift): z.output<typeof driftSchema> => ({
  ...it,
  readAt: readAt?.toISOString() ?? null,
  written: written === null ? null : { ...written, at: written.at.toISOString() },
});
const driftedOf = (drift: readonly Drift[]): number => drift.filter(({ state }) => state !== 'same').length;

const viewOf = (station: StationRecord, known: readonly Known[]): StationView => {
  const values = new Map(known.map(({ name, value }) => [name.toLowerCase(), value ?? undefined]));
  return {
    id: station.id,
    identity: station.identity,
    protocol: station.protocol ?? '',
    ...(station.vendor === null ? {} : { vendor: station.vendor }),
    ...(station.model === null ? {} : { model: station.model }),
    ...(station.firmware === null ? {} : { firmware: station.firmware }),
    variable: (name) => values.get(name.toLowerCase()),
    transactionOn: () => undefined,
  };
};

const can = (told: Capabilities | undefined): z.output<typeof capabilitiesSchema> => {
  const { profiles, measurands, alignedMeasurands, chargingRateUnits, ...rest } = told ?? {};
  const list = <T>(it: readonly T[] | undefined): T[] | undefined => (it === undefined ? undefined : [...it]);
  return {
    ...rest,
    profiles: list(profiles),
    measurands: list(measurands),
    alignedMeasurands: list(alignedMeasurands),
    chargingRateUnits: list(chargingRateUnits),
  };
};

/** What a station is set to, beside what it should be: templates, drift, capabilities. */
export const deviceRoutes = (deps: HttpDeps) => {
  const adapterOf = ({ protocol }: StationRecord): Adapter | undefined =>
    deps.dialects.adapters.find((it) => it.protocol === protocol);
  const templateFor = async (db: Db, { template }: StationRecord): Promise<Template | undefined> =>
    template === null ? undefined : templateById(db, template);
  const driftAt = async (db: Db, station: StationRecord, template: Template | undefined) => {
    const known = await knownOf(db, station.id);
    return { known, drift: driftOf(settingsFor(template?.values ?? {}, adapterOf(station)), known, station.booted_at) };
  };
  /** Writes what drifts, and reads it again to see what the station made of it. */
  const apply = async (db: Db, tx: Tx, actor: string, station: StationRecord, template: Template | undefined) => {
    const values = writesOf((await driftAt(db, station, template)).drift);
    const command =
      Object.keys(values).length === 0
        ? null
        : await deps.live.command(tx, actor, station.id as StationId, {
            name: 'writeVariables',
            payload: { values, readBack: true },
          });
    return { station: station.identity, command, values };
  };

  return router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/stations/{identity}/device',
        summary: 'What the station can do, and where it drifts from its template',
        request: { params: identityParams },
        responses: { 200: json(deviceSchema, 'By what the station said last') },
      }),
      async (c) => {
        const found = await read(deps, c, async (db) => {
          const station = await stationByIdentity(db, c.req.valid('param').identity);
          const template = await templateFor(db, station);
          const { known, drift } = await driftAt(db, station, template);
          return {
            identity: station.identity,
            template: template === undefined ? null : { id: template.id, name: template.name },
            readAt: newestOf(known),
            drifted: driftedOf(drift),
            drift: drift.map(shown),
            capabilities: can(adapterOf(station)?.capabilities?.(viewOf(station, known))),
          };
        });
        return c.json(found, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/stations/{identity}/device/apply',
        summary: 'Writes the settings of its template that the station does not have, and reads them again',
        request: { params: identityParams },
        responses: { 202: json(appliedSchema, 'Queued; follow the command') },
      }),
      async (c) => {
        const applied = await change(deps, c, {
          action: 'station.templateApplied',
          status: 202,
          run: async (db, tx) => {
            const station = await stationByIdentity(db, c.req.valid('param').identity);
            const body = await apply(db, tx, c.get('caller').actor, station, await templateFor(db, station));
            return { subject: station.identity, after: body, body };
          },
        });
        return c.json(applied, 202);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/device-templates/{id}/stations',
        summary: 'The stations of a template, and how many of their settings drift',
        request: { params: z.object({ id: z.string() }), query: pageQuery },
        responses: { 200: json(pageOf(stationDriftSchema), 'By identity') },
      }),
      async (c) => {
        const found = await read(deps, c, async (db) => {
          const template = await templateById(db, c.req.valid('param').id);
          const page = await listedBy(
            stationsOf(db, template.id),
            { text: 'identity' },
            c.req.valid('query'),
            recordOf,
          );
          const items = [];
          for (const station of page.items) {
            const { known, drift } = await driftAt(db, station, template);
            items.push({
              ...{ identity: station.identity, online: station.online, readAt: newestOf(known) },
              drifted: driftedOf(drift),
            });
          }
          return { ...page, items };
        });
        return c.json(found, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/device-templates/{id}/apply',
        summary: 'Applies a template to all its stations that are online and drift',
        request: { params: z.object({ id: z.string() }) },
        responses: {
          202: json(z.object({ items: z.array(appliedSchema) }), 'A command each; none where nothing drifts'),
        },
      }),
      async (c) => {
        const applied = await change(deps, c, {
          action: 'template.applied',
          status: 202,
          run: async (db, tx) => {
            const template = await templateById(db, c.req.valid('param').id);
            const rows = await stationsOf(db, template.id).where('online', '=', true).orderBy('identity').execute();
            const items = [];
            for (const row of rows) items.push(await apply(db, tx, c.get('caller').actor, recordOf(row), template));
            return { subject: template.id, after: { stations: items.map((it) => it.station) }, body: { items } };
          },
        });
        return c.json(applied, 202);
      },
    );
};

const stationsOf = (db: Db, template: string) => stationQuery(db).where(own()).where('template', '=', template);
