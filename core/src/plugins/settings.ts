import { type AnyPlugin, fail, type Tx, z } from '@plugga/kit';
import type { Transactions } from './face.ts';

/** A plugin's settings of each tenant: what an operator changes while it runs, checked by the plugin's own schema. */
export interface Settings {
  read(tx: Tx): Promise<unknown>;
  /** Throws `invalid-input` naming the fields. Gives both values, for the audit. */
  write(tx: Tx, value: unknown, at: Date): Promise<{ readonly before: unknown; readonly after: unknown }>;
  /** JSON Schema of the console's form; undefined for a plugin without settings. */
  readonly schema: unknown;
}

export function createSettings(plugin: AnyPlugin, transactions: Transactions): Settings {
  const { name, settings } = plugin;
  const schema: z.ZodType = settings ?? z.object({});
  const known = new WeakMap<Tx, Promise<unknown>>();

  const load = async (tx: Tx): Promise<unknown> => {
    const row = await transactions
      .kyselyOf(tx)
      .selectFrom('core.plugin_setting')
      .select('value')
      .where('plugin', '=', name)
      .where('tenant', '=', tx.tenant)
      .executeTakeFirst();
    const read = schema.safeParse(row?.value ?? {});
    if (read.success) return read.data;
    throw fail('plugin-failed', `the settings of "${name}" are not valid: ${z.prettifyError(read.error)}`);
  };
  const read = (tx: Tx): Promise<unknown> => {
    const loaded = known.get(tx) ?? load(tx);
    known.set(tx, loaded);
    return loaded;
  };

  return {
    schema: settings === undefined ? undefined : z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }),
    read: (tx) => (settings === undefined ? Promise.resolve({}) : read(tx)),
    async write(tx, value, at) {
      if (settings === undefined) throw fail('not-found', `"${name}" has no settings`);
      const parsed = schema.safeParse(value);
      if (!parsed.success)
        throw fail('invalid-input', z.prettifyError(parsed.error), { details: { errors: parsed.error.issues } });
      const before = await read(tx).catch(() => undefined); // what is stored may be what has to be put right
      const row = { plugin: name, tenant: tx.tenant, value: JSON.stringify(value), updated_at: at };
      await transactions
        .kyselyOf(tx)
        .insertInto('core.plugin_setting')
        .values(row)
        .onConflict((it) => it.columns(['plugin', 'tenant']).doUpdateSet({ value: row.value, updated_at: at }))
        .execute();
      known.set(tx, Promise.resolve(parsed.data));
      return { before, after: parsed.data };
    },
  };
}
