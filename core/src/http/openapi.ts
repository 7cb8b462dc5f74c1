import type { OpenAPIHono } from '@hono/zod-openapi';
import { z } from '@plugga/kit';
import { scopeOf } from './scopes.ts';
import type { ApiEnv } from './env.ts';

/** Parts of route declarations. */
export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
export const body = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { 'application/json': { schema } },
});
export const empty = (description: string) => ({ description });

/** ISO 8601 in UTC with Z. */
export const instantText = z.iso.datetime().openapi({ example: '2026-01-31T12:00:00.000Z' });
/** ISO 8601 with any offset, as callers may write it. */
export const anyInstant = z.iso.datetime({ offset: true });

const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().openapi({ description: 'Stable; see the error catalogue' }),
    hint: z.string(),
    requestId: z.string(),
  })
  .openapi('Problem');

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
interface Operation {
  security?: unknown;
  parameters?: unknown[];
  responses?: Record<string, unknown>;
  description?: string;
  tags?: string[];
}
type Document = ReturnType<OpenAPIHono<ApiEnv>['getOpenAPI31Document']>;

/** The document of all routes, the plugins' included, with what holds for every one of them said once here. */
export function openApiDocument(
  app: OpenAPIHono<ApiEnv>,
  o: { readonly version: string; readonly publicUrl: string; readonly base: string },
): Document {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key. Scopes: `*`, `read`, `<resource>:read`, `<resource>:write`.',
  });
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Plugga operator API',
      version: o.version,
      description:
        'JSON in camelCase, instants ISO 8601 in UTC, ids opaque, amounts decimal text in major units with a currency, ' +
        'energies whole Wh. Lists take `limit` and `cursor` and give `{items, next}`. Errors are problem documents (RFC 9457).',
      license: { name: 'Apache-2.0' },
    },
    servers: [{ url: o.publicUrl }],
  });
  document.components ??= {};
  document.components.schemas = { ...document.components.schemas, Problem: z.toJSONSchema(problemSchema) as never };
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    if (!path.startsWith(o.base)) continue;
    for (const method of methods) {
      const operation = (item as Partial<Record<string, Operation>>)[method];
      if (operation !== undefined) complete(operation, method.toUpperCase(), path.slice(o.base.length));
    }
  }
  return document;
}

function complete(operation: Operation, method: string, path: string): void {
  const scope = scopeOf(method, path);
  operation.security = [{ key: scope === undefined ? [] : [scope] }];
  operation.tags ??= [path.split('/').find((part) => part !== '') ?? 'api'];
  operation.responses ??= {};
  operation.responses.default ??= {
    description: 'A problem',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  if (method !== 'POST') return;
  operation.parameters ??= [];
  operation.parameters.push({
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'The same request with the same key happens once',
    schema: { type: 'string', maxLength: 255 },
  });
}
