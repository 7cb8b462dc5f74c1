import {
  apiRoutes,
  type Context,
  fail,
  iso,
  jsonRoute,
  newId,
  type RouteGroup,
  type StationId,
  type Tx,
  z,
} from '@plugga/kit';
import type { CampaignStatus, MaintenanceTables, TargetStatus } from './migrations.ts';
import { nextOf, type StopRule, wavesOf } from './waves.ts';

type CampaignContext = Pick<
  Context<unknown, unknown, Record<never, never>, Record<never, never>, MaintenanceTables>,
  'db' | 'clock' | 'random' | 'commands' | 'transaction' | 'log'
>;

const firmware = z
  .strictObject({
    url: z.url({ protocol: /^(https?|ftps?)$/ }).max(512),
    /** Of the image, base64, with the certificate (PEM) whose key made it: then it is a signed update. */
    signature: z.string().max(800).optional(),
    certificate: z.string().max(5500).optional(),
    retries: z.number().int().min(0).max(10).optional(),
    retrySeconds: z.number().int().min(1).max(86_400).optional(),
  })
  .refine((it) => (it.signature === undefined) === (it.certificate === undefined), {
    message: 'a signed update has both signature and certificate',
  });
type Firmware = z.output<typeof firmware>;

const asked = z.strictObject({
  name: z.string().min(1).max(100),
  firmware,
  stations: z
    .array(z.string().min(1))
    .min(1)
    .max(10_000)
    .openapi({ description: 'By identity, in the order to be asked' }),
  waves: z
    .array(z.number().int().min(1).max(100))
    .min(1)
    .max(20)
    .default([5, 25, 100])
    .refine((it) => it.at(-1) === 100 && it.every((size, n) => n === 0 || size > it[n - 1]!), {
      message: 'rising shares of all stations in percent, the last 100, such as [5, 25, 100]',
    }),
  stop: z
    .strictObject({
      failures: z.number().int().min(0).optional(),
      percent: z.number().int().min(0).max(100).optional(),
    })
    .default({ percent: 10 }),
});

const counts = z.object({
  waiting: z.number().int(),
  asked: z.number().int(),
  accepted: z.number().int(),
  installed: z.number().int(),
  failed: z.number().int(),
  absent: z.number().int(),
});
const campaignShown = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.enum(['running', 'paused', 'stopped', 'done']),
    reason: z.string().nullable(),
    url: z.string(),
    signed: z.boolean(),
    stop: z.record(z.string(), z.unknown()),
    wave: z.number().int(),
    waves: z.number().int(),
    stations: counts,
    createdAt: z.iso.datetime(),
  })
  .openapi('FirmwareCampaign');
const targetShown = z.object({
  station: z.string(),
  wave: z.number().int(),
  status: z.enum(['waiting', 'asked', 'accepted', 'installed', 'failed', 'absent']),
  detail: z.string().nullable(),
  changedAt: z.iso.datetime(),
});

const HIGHEST_REQUEST = 2 ** 31 - 1;

/** New firmware for many stations, a wave at a time, until too many fail. */
export function createCampaigns(context: CampaignContext) {
  const { db, clock, random, commands, transaction, log } = context;
  const now = (): Date => new Date(clock.now());
  const number = (): number => 1 + (Buffer.from(random.bytes(4)).readUInt32BE() % HIGHEST_REQUEST);

  const locked = async (tx: Tx, id: string) => {
    const row = await db(tx).selectFrom('campaign').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (row === undefined) throw fail('not-found', `there is no campaign "${id}"`);
    return row;
  };
  const setStatus = (tx: Tx, id: string, status: CampaignStatus, reason: string | null) =>
    db(tx).updateTable('campaign').set({ status, reason, changed_at: now() }).where('id', '=', id).execute();
  const setTarget = (
    tx: Tx,
    campaign: string,
    station: StationId,
    set: { status: TargetStatus; detail: string | null; command?: never },
  ) =>
    db(tx)
      .updateTable('campaign_target')
      .set({ ...set, changed_at: now() })
      .where('campaign', '=', campaign)
      .where('station', '=', station)
      .execute();

  const ask = async (tx: Tx, campaign: string, wave: number, image: Firmware): Promise<void> => {
    const targets = await db(tx)
      .selectFrom('campaign_target')
      .innerJoin('core.station', 'core.station.id', 'campaign_target.station')
      .select(['campaign_target.station', 'core.station.online'])
      .where('campaign', '=', campaign)
      .where('wave', '=', wave)
      .where('campaign_target.status', '=', 'waiting')
      .execute();
    for (const { station, online } of targets) {
      if (!online) {
        await setTarget(tx, campaign, station, { status: 'absent', detail: 'not connected when its wave was asked' });
        continue;
      }
      const command = await commands.send(tx, station, 'updateFirmware', {
        ...image,
        request: number(),
        retrieveAt: iso(clock.now()),
      } as never);
      await setTarget(tx, campaign, station, { status: 'asked', detail: null, command: command as never });
    }
    await db(tx).updateTable('campaign').set({ wave, changed_at: now() }).where('id', '=', campaign).execute();
  };

  /** Goes on as far as it may; nothing where it is paused, stopped or done. */
  const goOn = async (tx: Tx, id: string): Promise<void> => {
    for (;;) {
      const campaign = await locked(tx, id);
      if (campaign.status !== 'running') return;
      const targets = await db(tx)
        .selectFrom('campaign_target')
        .select(['wave', 'status'])
        .where('campaign', '=', id)
        .execute();
      const next = nextOf(targets, campaign.wave, campaign.stop_rule as StopRule);
      switch (next.kind) {
        case 'wait':
          return;
        case 'stop':
          log.warn('firmware campaign stopped', { campaign: id, name: campaign.name, reason: next.reason });
          await setStatus(tx, id, 'stopped', next.reason);
          return;
        case 'done':
          await setStatus(tx, id, 'done', null);
          return;
        case 'ask':
          await ask(tx, id, next.wave, campaign.firmware as Firmware);
          break;
        default:
          next satisfies never;
      }
    }
  };

  /** Campaigns in the order given, each with how many of its stations are where. */
  const shownOf = async (
    tx: Tx,
    campaigns: readonly MaintenanceTables['campaign'][],
  ): Promise<z.output<typeof campaignShown>[]> => {
    if (campaigns.length === 0) return [];
    const counted = await db(tx)
      .selectFrom('campaign_target')
      .select((it) => ['campaign', 'wave', 'status', it.fn.countAll<string>().as('count')])
      .where(
        'campaign',
        'in',
        campaigns.map(({ id }) => id),
      )
      .groupBy(['campaign', 'wave', 'status'])
      .execute();
    return campaigns.map((row) => {
      const own = counted.filter(({ campaign }) => campaign === row.id);
      const of = (status: TargetStatus): number =>
        own.filter((it) => it.status === status).reduce((sum, { count }) => sum + Number(count), 0);
      const image = row.firmware as Firmware;
      return {
        ...{ id: row.id, name: row.name, status: row.status, reason: row.reason, wave: row.wave },
        ...{ url: image.url, signed: image.signature !== undefined, stop: { ...(row.stop_rule as StopRule) } },
        waves: Math.max(0, ...own.map(({ wave }) => wave)),
        stations: {
          ...{ waiting: of('waiting'), asked: of('asked'), accepted: of('accepted') },
          ...{ installed: of('installed'), failed: of('failed'), absent: of('absent') },
        },
        createdAt: row.created_at.toISOString(),
      };
    });
  };
  const show = async (tx: Tx, id: string): Promise<z.output<typeof campaignShown>> => {
    const row = await db(tx).selectFrom('campaign').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw fail('not-found', `there is no campaign "${id}"`);
    return (await shownOf(tx, [row]))[0]!;
  };

  const create = async (tx: Tx, wanted: z.output<typeof asked>): Promise<string> => {
    const identities = [...new Set(wanted.stations)];
    const rows = await db(tx)
      .selectFrom('core.station')
      .select(['id', 'identity'])
      .where('identity', 'in', identities)
      .execute();
    const known = new Map(rows.map(({ identity, id }) => [identity, id]));
    const missing = identities.find((identity) => !known.has(identity));
    if (missing !== undefined) throw fail('not-found', `there is no station "${missing}"`);
    const id = newId(random);
    await db(tx)
      .insertInto('campaign')
      .values({
        ...{ id, name: wanted.name, status: 'running', reason: null, wave: 0, created_at: now(), changed_at: now() },
        ...{ firmware: JSON.stringify(wanted.firmware), stop_rule: JSON.stringify(wanted.stop) },
      })
      .execute();
    const waves = wavesOf(identities, wanted.waves);
    const targets = waves.flatMap((wave, nth) =>
      wave.map((identity) => ({
        ...{ campaign: id, station: known.get(identity)!, wave: nth + 1, status: 'waiting' as const },
        ...{ detail: null, command: null, changed_at: now() },
      })),
    );
    for (let from = 0; from < targets.length; from += 1000)
      await db(tx)
        .insertInto('campaign_target')
        .values(targets.slice(from, from + 1000))
        .execute();
    await goOn(tx, id);
    return id;
  };

  /** Those that failed or were not there are one more wave. */
  const retry = async (tx: Tx, id: string): Promise<void> => {
    const campaign = await locked(tx, id);
    if (campaign.status === 'running') throw fail('conflict', 'the campaign is running: pause it or wait for its end');
    await db(tx)
      .updateTable('campaign_target')
      .set({ status: 'waiting', detail: null, command: null, wave: campaign.wave + 1, changed_at: now() })
      .where('campaign', '=', id)
      .where('status', 'in', ['failed', 'absent'])
      .execute();
    await setStatus(tx, id, 'running', null);
    await goOn(tx, id);
  };

  const act = async (tx: Tx, id: string, action: 'pause' | 'resume' | 'stop' | 'retry'): Promise<void> => {
    if (action === 'retry') return retry(tx, id);
    const { status } = await locked(tx, id);
    const from: readonly CampaignStatus[] =
      action === 'resume' ? ['paused'] : action === 'pause' ? ['running'] : ['running', 'paused'];
    if (!from.includes(status)) throw fail('conflict', `the campaign is ${status}: it cannot ${action}`);
    await setStatus(
      tx,
      id,
      action === 'resume' ? 'running' : action === 'pause' ? 'paused' : 'stopped',
      action === 'stop' ? 'stopped by the operator' : null,
    );
    if (action === 'resume') await goOn(tx, id);
  };

  const routes: RouteGroup = apiRoutes(
    jsonRoute(
      {
        method: 'post',
        path: '/',
        summary: 'New firmware for stations, wave by wave',
        body: asked,
        gives: campaignShown,
        status: 201,
      },
      ({ tenant, body }) => transaction(tenant, async (tx) => show(tx, await create(tx, body))),
    ),
    jsonRoute(
      {
        method: 'get',
        path: '/',
        summary: 'Firmware campaigns, newest first; the last 100',
        gives: z.object({ items: z.array(campaignShown) }),
      },
      ({ tenant }) =>
        transaction(tenant, async (tx) => {
          const rows = await db(tx)
            .selectFrom('campaign')
            .selectAll()
            .orderBy('created_at', 'desc')
            .orderBy('id')
            .limit(100)
            .execute();
          return { items: await shownOf(tx, rows) };
        }),
    ),
    jsonRoute(
      {
        method: 'get',
        path: '/{id}',
        summary: 'One campaign',
        params: z.object({ id: z.string() }),
        gives: campaignShown,
      },
      ({ tenant, params }) => transaction(tenant, (tx) => show(tx, params.id)),
    ),
    jsonRoute(
      {
        ...{ method: 'get', path: '/{id}/stations', summary: 'How far each of its stations is, wave by wave' },
        params: z.object({ id: z.string() }),
        gives: z.object({ items: z.array(targetShown) }),
      },
      ({ tenant, params }) =>
        transaction(tenant, async (tx) => {
          await show(tx, params.id);
          const rows = await db(tx)
            .selectFrom('campaign_target')
            .innerJoin('core.station', 'core.station.id', 'campaign_target.station')
            .select(['identity', 'wave', 'campaign_target.status', 'detail', 'changed_at'])
            .where('campaign', '=', params.id)
            .orderBy('wave')
            .orderBy('identity')
            .execute();
          return {
            items: rows.map(({ identity, wave, status, detail, changed_at }) => ({
              ...{ station: identity, wave, status, detail, changedAt: changed_at.toISOString() },
            })),
          };
        }),
    ),
    jsonRoute(
      {
        ...{
          method: 'post',
          path: '/{id}/{action}',
          summary: 'pause, resume, stop; retry: those that failed or were absent once more',
        },
        params: z.object({ id: z.string(), action: z.enum(['pause', 'resume', 'stop', 'retry']) }),
        gives: campaignShown,
      },
      ({ tenant, params: { id, action } }) =>
        transaction(tenant, async (tx) => {
          await act(tx, id, action);
          return show(tx, id);
        }),
    ),
  );

  return {
    routes,
    /** The life of one of its commands goes on. */
    commandHeard: async (
      tx: Tx,
      {
        command,
        status,
        detail,
        unseen,
      }: { command: string; status: string; detail?: string | undefined; unseen?: boolean | undefined },
    ): Promise<void> => {
      const target = await db(tx)
        .selectFrom('campaign_target')
        .select(['campaign', 'station', 'status'])
        .where('command', '=', command as never)
        .executeTakeFirst();
      if (target === undefined || target.status === 'installed') return;
      const failed = unseen === true || status === 'rejected' || status === 'timeout' || status === 'failed';
      if (status === 'done')
        await setTarget(tx, target.campaign, target.station, { status: 'installed', detail: null });
      else if (failed)
        await setTarget(tx, target.campaign, target.station, { status: 'failed', detail: detail ?? status });
      else if (status === 'accepted')
        await setTarget(tx, target.campaign, target.station, { status: 'accepted', detail: null });
      else return;
      await goOn(tx, target.campaign);
    },
    /** How far the station says it is. */
    progressHeard: (tx: Tx, station: StationId, progress: string) =>
      db(tx)
        .updateTable('campaign_target')
        .set({ detail: progress, changed_at: now() })
        .where('station', '=', station)
        .where('status', '=', 'accepted')
        .execute(),
  };
}
