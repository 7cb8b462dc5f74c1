import { createRoute, z, type RouteGroup } from '@plugga/kit';
import { finding, lint, lintContext } from './lint.ts';
import { parseLossless } from './lossless.ts';
import { priceVector } from './vector.ts';

const vector = z
  .looseObject({ tariffs: z.array(z.record(z.string(), z.unknown())), session: z.record(z.string(), z.unknown()) })
  .openapi('TariffVector');
const priced = z
  .looseObject({
    lines: z.array(z.record(z.string(), z.unknown())),
    total: z.object({ excl_vat: z.string(), vat: z.string(), incl_vat: z.string() }),
    invoice: z.object({ net: z.string(), vat: z.string(), gross: z.string() }),
    notes: z.array(z.string()),
  })
  .openapi('TariffPrice');

const json = <S extends z.ZodType>(schema: S) => ({ 'application/json': { schema } });
const priceRoute = createRoute({
  method: 'post',
  path: '/',
  summary: 'What a session costs under tariffs: the shape of `plugga tariff price`, nothing is stored',
  request: { body: { required: true, content: json(vector) } },
  responses: { 200: { description: 'The price, line by line', content: json<z.ZodType>(priced) } },
});

const linted = z.looseObject({
  tariff: z.record(z.string(), z.unknown()).openapi({ description: 'As it would be posted; all its faults are told' }),
  context: lintContext.optional(),
});
const findings = z.object({ findings: z.array(finding) }).openapi('TariffFindings');
const lintRoute = createRoute({
  method: 'post',
  path: '/',
  summary: 'What is wrong with a draft of a tariff, or will surprise',
  request: { body: { required: true, content: json(linted) } },
  responses: { 200: { description: 'The findings; none is an empty list', content: json(findings) } },
});

/** POST /api/v1/tariffs/price: numbers are read from the text of the request, so that no binary float comes between. POST …/lint. */
export const engineRoutes: Readonly<Record<`/${string}`, RouteGroup>> = {
  '/tariffs/price': {
    auth: 'api',
    mount: (app) => {
      app.openapi(priceRoute, async (c) => {
        const { name } = c.req.valid('json');
        return c.json(
          { ...(typeof name === 'string' ? { name } : {}), ...priceVector(parseLossless(await c.req.text())) },
          200,
        );
      });
    },
  },
  '/tariffs/lint': {
    auth: 'api',
    mount: (app) => {
      app.openapi(lintRoute, (c) => {
        const { tariff, context } = c.req.valid('json');
        const { assign: _assign, ...body } = tariff;
        return c.json({ findings: [...lint(body, context)] }, 200);
      });
    },
  },
};
