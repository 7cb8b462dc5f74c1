import { createRoute, fail, z, type Tx, pageOf, pageQuery } from '@plugga/kit';
import { customerInformationOf, forgetCustomerInformation } from '../../command/customer-information.ts';
import { recordChange } from '../../site/audit.ts';
import { stationByIdentity } from '../../site/stations.ts';
import { redact } from '../../redact.ts';
import { transactOf, type Db } from '../../site/transact.ts';
import { change, read } from '../change.ts';
import { askedOf, tokenIdOf } from './command-asked.ts';
import { commandAsked } from './command-schema.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { listedBy } from '../list.ts';
import { body, instantText, json } from '../openapi.ts';
import { offerHeld } from './offer-held.ts';
import { identityParams } from './stations.ts';

/** Section 9: a raw call waits for the station's answer no longer than this. */
const CALL_SECONDS = 20;

const call = z.strictObject({
  action: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,49}$/, 'the name of an OCPP message, such as GetConfiguration'),
  payload: z.record(z.string(), z.unknown()).default({}),
});
const called = z
  .union([
    z.object({ messageId: z.string(), result: z.unknown() }),
    z.object({
      messageId: z.string(),
      error: z.object({ code: z.string(), description: z.string(), details: z.unknown() }),
    }),
  ])
  .openapi('CallAnswer');

const statuses = ['queued', 'sent', 'accepted', 'rejected', 'timeout', 'failed', 'done'] as const;
const commandSchema = z
  .object({
    id: z.string(),
    station: z.string(),
    type: z.string(),
    status: z.enum(statuses),
    detail: z.string().nullable(),
    effect: z
      .string()
      .nullable()
      .openapi({ description: 'What was seen of it: the session that began, the boot; or why nothing was' }),
    effectState: z
      .enum(['awaited', 'seen', 'unseen'])
      .nullable()
      .openapi({ description: 'Null where the answer is all there is to see, or not there yet' }),
    effectDueAt: instantText.nullable().openapi({ description: 'Seen later than this it counts as unseen' }),
    payload: z.record(z.string(), z.unknown()),
    result: z.unknown(),
    actor: z.string(),
    createdAt: instantText,
    updatedAt: instantText,
  })
  .openapi('Command');

const commandQuery = (db: Db) =>
  db
    .selectFrom('core.command_row as command')
    .innerJoin('core.station_row as station', 'station.id', 'command.station')
    .select([
      'command.id',
      'station.identity',
      'command.name',
      'command.status',
      'command.detail',
      'command.effect',
      'command.effect_state',
      'command.effect_due_at',
      'command.payload',
      'command.result',
      'command.actor',
      'command.created_at',
      'command.updated_at',
    ]);
type Row = Awaited<ReturnType<ReturnType<typeof commandQuery>['execute']>>[number];
const shown = (row: Row): z.output<typeof commandSchema> => ({
  id: row.id,
  station: row.identity,
  type: row.name,
  status: statuses.find((status) => status === row.status) ?? 'failed',
  detail: row.detail,
  effect: row.effect,
  effectState: (['awaited', 'seen', 'unseen'] as const).find((it) => it === row.effect_state) ?? null,
  effectDueAt: row.effect_due_at?.toISOString() ?? null,
  payload: redact(row.payload) as Record<string, unknown>,
  result: redact(row.result ?? null),
  actor: row.actor,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

const customerInformation = z
  .object({
    complete: z.boolean().openapi({ description: 'Whether every part of it came' }),
    parts: z.number().int(),
    text: z.string().openapi({ description: "The station's own words; their form is the station's" }),
  })
  .openapi('CustomerInformation');

/** Commands with their life cycle, and raw calls. */
export const commandRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
      createRoute({
        method: 'post',
        path: '/stations/{identity}/calls',
        summary: 'Sends one OCPP message as it is and waits for the answer',
        request: { params: identityParams, body: body(call) },
        responses: { 200: json(called, 'What the station answered, a result or an error') },
      }),
      async (c) => {
        const { identity } = c.req.valid('param');
        const { action, payload } = c.req.valid('json');
        const caller = c.get('caller');
        const transact = transactOf(deps.transactions);
        // Written before it is sent: what was sent is never without its audit row.
        const station = await transact(caller.tenant, async (db) => {
          const found = await stationByIdentity(db, identity);
          await recordChange(db, {
            tenant: caller.tenant,
            actor: caller.actor,
            action: 'station.called',
            subject: identity,
            after: { action, payload },
            correlation: c.get('requestId'),
          });
          return found;
        });
        const { messageId, answer } = await deps.live.call(
          caller.tenant,
          station.id,
          { action, payload },
          CALL_SECONDS,
        );
        if (answer.kind === 'result') return c.json({ messageId, result: answer.payload }, 200);
        if (answer.kind === 'error') {
          const { code, description, details } = answer;
          return c.json({ messageId, error: { code, description, details } }, 200);
        }
        if (answer.kind === 'timeout')
          throw fail('call-timeout', `station "${identity}" did not answer ${action} within ${CALL_SECONDS} s`, {
            details: { messageId },
          });
        throw fail('station-offline', `station "${identity}" went away before it answered ${action}`, {
          details: { messageId },
        });
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/stations/{identity}/commands',
        summary: 'Asks the station to do something; follow it by its id or by `command.changed` events',
        request: { params: identityParams, body: body(commandAsked) },
        responses: { 202: json(commandSchema, 'Queued') },
      }),
      async (c) => {
        const { identity } = c.req.valid('param');
        const wanted = c.req.valid('json');
        const caller = c.get('caller');
        // A start without either has nothing to ask of an offer.
        if (wanted.type === 'start' && (wanted.offer !== undefined || wanted.channel === 'adhoc')) {
          const { type: _, token, evse, connector, channel, offer } = wanted;
          const tokenId = await read(deps, c, (db) => tokenIdOf(db, token));
          await offerHeld(deps, c, { identity, tokenId, evse, connector, channel, offer });
        }
        const queued = await change(deps, c, {
          action: 'station.commanded',
          status: 202,
          run: async (db, tx) => {
            const station = await stationByIdentity(db, identity);
            const asked = await askedOf({ db, clock: deps.clock, random: deps.random, station: station.id }, wanted);
            const id = await deps.live.command(tx as Tx, caller.actor, station.id, asked);
            const row = await commandQuery(db).where('command.id', '=', id).executeTakeFirstOrThrow();
            return { subject: identity, after: { command: id, ...asked }, body: shown(row) };
          },
        });
        return c.json(queued, 202);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/stations/{identity}/commands',
        summary: 'Commands of one station, newest first',
        request: {
          params: identityParams,
          query: pageQuery.extend({ status: z.enum(statuses).optional(), type: z.string().max(50).optional() }),
        },
        responses: { 200: json(pageOf(commandSchema), 'The commands') },
      }),
      async (c) => {
        const { status, type, ...page } = c.req.valid('query');
        const found = await read(deps, c, async (db) => {
          const station = await stationByIdentity(db, c.req.valid('param').identity);
          let query = commandQuery(db).where('command.station', '=', station.id);
          if (status !== undefined) query = query.where('command.status', '=', status);
          if (type !== undefined) query = query.where('command.name', '=', type);
          return listedBy(query as never, { newest: 'command.created_at', id: 'command.id' }, page, (row) =>
            shown(row as Row),
          );
        });
        return c.json(found, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/stations/{identity}/commands/{id}',
        summary: 'One command',
        request: { params: identityParams.extend({ id: z.string() }) },
        responses: { 200: json(commandSchema, 'Its life so far') },
      }),
      async (c) => {
        const { identity, id } = c.req.valid('param');
        const row = await read(deps, c, (db) =>
          commandQuery(db).where('command.id', '=', id).where('station.identity', '=', identity).executeTakeFirst(),
        );
        if (row === undefined) throw fail('not-found', `station "${identity}" has no command "${id}"`);
        return c.json(shown(row), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/stations/{identity}/commands/{id}/customer-information',
        summary: 'Gives what the station told of a driver (`readCustomer`), and deletes it: it is given once',
        request: { params: identityParams.extend({ id: z.string() }) },
        responses: { 200: json(customerInformation, 'What it told') },
      }),
      async (c) => {
        const { identity, id } = c.req.valid('param');
        const taken = await change(deps, c, {
          action: 'customer.informationTaken',
          status: 200,
          run: async (db) => {
            const row = await commandQuery(db)
              .where('command.id', '=', id)
              .where('station.identity', '=', identity)
              .executeTakeFirst();
            const found = row === undefined ? undefined : await customerInformationOf(db, id);
            if (row === undefined || found === undefined)
              throw fail('not-found', `station "${identity}" has told nothing for command "${id}", or it was taken`);
            if (!found.complete && row.effect_state === 'awaited')
              throw fail('conflict', `station "${identity}" is still telling: ${found.parts} parts have come`);
            await forgetCustomerInformation(db, id);
            const { complete, parts } = found;
            return { subject: identity, after: { command: id, complete, parts }, body: found };
          },
        });
        return c.json(taken, 200);
      },
    );
