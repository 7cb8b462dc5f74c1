import { fail, type PluginEnv, type TenantId } from '@plugga/kit';
import { OpenAPIHono, type Hook } from '@hono/zod-openapi';
import type { Context, Env } from 'hono';
import type { Db } from '../site/transact.ts';

/** Who asks: a key of a tenant, the installation's admin, or anybody on public pages. */
export interface Caller {
  readonly tenant: TenantId;
  readonly actor: string;
  readonly scopes: readonly string[];
}

/** A POST with an Idempotency-Key: its answer is stored in the transaction of its effect. */
export interface Idempotent {
  store(db: Db, status: number, body: string): Promise<void>;
}

export interface ApiEnv extends Env {
  Variables: PluginEnv['Variables'] & { caller: Caller; idempotent?: Idempotent };
}
export type ApiContext = Context<ApiEnv>;

/** What does not fit a route's schemas is one problem that names every field. */
export const refuseInvalid: Hook<unknown, Env, string, unknown> = (result) => {
  if (result.success) return;
  const errors = result.error.issues.map(({ path, message }) => ({
    pointer: `/${path.join('/')}`,
    where: result.target,
    message,
  }));
  throw fail('invalid-input', errors.map((it) => `${it.pointer.slice(1) || it.where}: ${it.message}`).join('; '), {
    details: { errors },
  });
};

/** Routes whose schemas are checked before their handlers run. */
export const router = (): OpenAPIHono<ApiEnv> => new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid as never });
