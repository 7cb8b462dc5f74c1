import { type AnyPlugin, fail, type Random, tagOf, type Tx, unchanged, z } from '@plugga/kit';
import { sql } from 'kysely';
import { installationValue } from '../site/installation.ts';
import type { Transactions } from './face.ts';
import { at, formOf, hiding, isShown, replaced, secretsOf } from './secret-fields.ts';
import { isSealed, type Vault, vaultOf } from './vault.ts';

/** A plugin's settings of each tenant: what an operator changes while it runs, checked by the plugin's own schema. */
export interface Settings {
  /** For the plugin: secrets as they were written. */
  read(tx: Tx): Promise<unknown>;
  /** For everybody else: of a secret only whether it is set. */
  shown(tx: Tx): Promise<unknown>;
  /** Another one after each change, of a secret too, whose text is not shown. */
  tag(tx: Tx): Promise<string>;
  /**
   * A secret that is written as it is shown stays; one that is left out is gone. Throws `invalid-input` naming the fields.
   * Gives both values as they may be shown, for the audit. `ifMatch`: throws `changed-meanwhile` where they have another tag.
   */
  write(
    tx: Tx,
    value: unknown,
    at: Date,
    ifMatch?: string,
  ): Promise<{ readonly before: unknown; readonly after: unknown }>;
  /** JSON Schema of the console's form, secrets `writeOnly`; undefined for a plugin without settings. */
  readonly schema: unknown;
}

export function createSettings(plugin: AnyPlugin, deps: { transactions: Transactions; random: Random }): Settings {
  const { name, settings } = plugin;
  const { transactions, random } = deps;
  const schema: z.ZodType = settings ?? z.object({});
  const secrets = secretsOf(schema);
  const paths = 'paths' in secrets ? secrets.paths : []; // misplaced: the plugin is disabled
  const known = new WeakMap<Tx, Promise<unknown>>();
  let vault: Promise<Vault> | undefined;
  const vaultIn = (tx: Tx): Promise<Vault> => {
    vault ??= installationValue(transactions.kyselyOf(tx), 'secret').then((secret) => {
      if (secret === undefined) throw fail('unavailable', 'the installation has no secret yet: start it once');
      return vaultOf(Buffer.from(secret, 'base64'), random);
    });
    return vault.catch((error: unknown) => {
      vault = undefined;
      throw error;
    });
  };
  const eachSecret = async (
    tx: Tx,
    value: unknown,
    turned: (found: unknown, vault: Vault, place: string[]) => unknown,
  ) => {
    const present = paths.filter((path) => at(value, path) !== undefined);
    if (present.length === 0) return value;
    const opened = await vaultIn(tx);
    const placeOf = (path: readonly string[]): string[] => [tx.tenant, name, ...path];
    return present.reduce((it, path) => replaced(it, path, turned(at(it, path), opened, placeOf(path))), value);
  };

  const rowOf = (tx: Tx) =>
    transactions
      .kyselyOf(tx)
      .selectFrom('core.plugin_setting')
      .select('value')
      .where('plugin', '=', name)
      .where('tenant', '=', tx.tenant)
      .executeTakeFirst();
  /** As it was written, secrets opened. */
  const stored = async (tx: Tx): Promise<unknown> => {
    const row = await rowOf(tx);
    return eachSecret(tx, row?.value ?? {}, (found, vault, place) =>
      isSealed(found) ? vault.open(found, place) : found,
    );
  };
  const load = async (tx: Tx): Promise<unknown> => {
    const read = schema.safeParse(await stored(tx));
    if (read.success) return read.data;
    throw fail('plugin-failed', `the settings of "${name}" are not valid: ${z.prettifyError(read.error)}`);
  };
  const read = (tx: Tx): Promise<unknown> => {
    const loaded = known.get(tx) ?? load(tx);
    known.set(tx, loaded);
    return loaded;
  };
  /** What the caller sent, with the secrets that he leaves as they are. */
  const completed = async (tx: Tx, value: unknown): Promise<unknown> => {
    const kept = paths.filter((path) => isShown(at(value, path)));
    if (kept.length === 0) return value;
    const before = await stored(tx);
    return kept.reduce((it, path) => {
      const old = at(before, path);
      if ((at(it, path) as { set: boolean }).set && old === undefined)
        throw fail('invalid-input', `${path.join('.')}: it is not set, so it cannot be kept: send its text`);
      return replaced(it, path, (at(it, path) as { set: boolean }).set ? old : undefined);
    }, value);
  };

  // A secret is sealed anew at each writing, so that its row is another one then.
  const tag = async (tx: Tx): Promise<string> => tagOf((await rowOf(tx))?.value ?? {});

  return {
    tag,
    schema: settings === undefined ? undefined : formOf(settings),
    read: (tx) => (settings === undefined ? Promise.resolve({}) : read(tx)),
    shown: async (tx) => (settings === undefined ? {} : hiding(await read(tx), paths)),
    async write(tx, value, now, ifMatch) {
      if (settings === undefined) throw fail('not-found', `"${name}" has no settings`);
      // One at a time: the first of two has changed what the second would change, also where nothing was stored yet.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`settings ${tx.tenant} ${name}`}, 0))`.execute(
        transactions.kyselyOf(tx),
      );
      unchanged(ifMatch, await tag(tx), `the settings of "${name}"`);
      const whole = await completed(tx, value);
      const parsed = schema.safeParse(whole);
      if (!parsed.success)
        throw fail('invalid-input', z.prettifyError(parsed.error), { details: { errors: parsed.error.issues } });
      const before = await read(tx).catch(() => undefined); // what is stored may be what has to be put right
      const sealed = await eachSecret(tx, whole, (found, vault, place) =>
        typeof found === 'string' ? vault.seal(found, place) : found,
      );
      const row = { plugin: name, tenant: tx.tenant, value: JSON.stringify(sealed), updated_at: now };
      await transactions
        .kyselyOf(tx)
        .insertInto('core.plugin_setting')
        .values(row)
        .onConflict((it) => it.columns(['plugin', 'tenant']).doUpdateSet({ value: row.value, updated_at: now }))
        .execute();
      known.set(tx, Promise.resolve(parsed.data));
      return {
        before: before === undefined ? undefined : hiding(before, paths),
        after: hiding(parsed.data, paths),
      };
    },
  };
}
