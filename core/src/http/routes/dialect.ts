import { createRoute, z } from '@plugga/kit';
import { recordChange } from '../../site/audit.ts';
import { dialectViewOf } from '../../site/dialect-view.ts';
import { stationByIdentity } from '../../site/stations.ts';
import { transactOf } from '../../site/transact.ts';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { body, instantText, json } from '../openapi.ts';
import { identityParams } from './stations.ts';

const dialectSchema = z
  .object({
    quirks: z
      .array(
        z.object({
          id: z.string(),
          why: z.string(),
          advice: z.string().nullable().openapi({ description: 'What to set at the station itself' }),
          fired: z.number().int().openapi({ description: 'How often it had something to change at this station' }),
        }),
      )
      .openapi({ description: 'Those of its make, first wins' }),
    deviations: z.array(
      z.object({
        action: z.string().nullable().openapi({ description: 'null for what was no message' }),
        code: z.string().openapi({ example: 'too-long' }),
        path: z.string().nullable(),
        detail: z.string().nullable(),
        quirk: z.string().nullable(),
        count: z.number().int(),
        firstAt: instantText,
        lastAt: instantText,
      }),
    ),
    actions: z.array(
      z.object({
        action: z.string(),
        state: z
          .enum(['denied', 'suspected', 'unsupported', 'allowed'])
          .openapi({ description: 'denied by a quirk, learnt as unsupported, suspected of it, or always sent' }),
        by: z.string().openapi({ description: 'The quirk; else answer, drop or operator' }),
        detail: z.string().nullable(),
        since: instantText.nullable(),
      }),
    ),
  })
  .openapi('StationDialect');

const params = identityParams.extend({ action: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,49}$/, 'an OCPP action') });
const use = z.strictObject({
  use: z.enum(['always', 'learn']).openapi({ description: 'always: sent whatever is learnt; learn: learnt anew' }),
});

/** How a station deviates from its protocol, and what follows from that. */
export const dialectRoutes = (deps: HttpDeps) =>
  router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/stations/{identity}/dialect',
        summary: 'Quirks that apply, deviations with counts, actions that are not sent',
        request: { params: identityParams },
        responses: { 200: json(dialectSchema, 'The latest deviation first; counts are a few seconds old') },
      }),
      async (c) => {
        const shown = await read(deps, c, async (db) =>
          dialectViewOf(db, await stationByIdentity(db, c.req.valid('param').identity), deps.dialects),
        );
        return c.json(shown as z.output<typeof dialectSchema>, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/stations/{identity}/dialect/actions/{action}',
        summary: 'Overrides what was learnt about an action, until its firmware changes',
        request: { params, body: body(use) },
        responses: { 200: json(dialectSchema, 'As it is now') },
      }),
      async (c) => {
        const { identity, action } = c.req.valid('param');
        const wanted = c.req.valid('json');
        const { tenant, actor } = c.get('caller');
        const transact = transactOf(deps.transactions);
        // Written before it is done, as for raw calls.
        const station = await transact(tenant, async (db) => {
          const found = await stationByIdentity(db, identity);
          await recordChange(db, {
            ...{ tenant, actor, action: 'station.actionOverridden', subject: identity },
            ...{ after: { action, ...wanted }, correlation: c.get('requestId') },
          });
          return found;
        });
        await deps.live.teach(station.id, { action, state: wanted.use === 'always' ? 'allowed' : 'supported', actor });
        const shown = await read(deps, c, (db) => dialectViewOf(db, station, deps.dialects));
        return c.json(shown as z.output<typeof dialectSchema>, 200);
      },
    );
