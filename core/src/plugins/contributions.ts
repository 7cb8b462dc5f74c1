import { type AnyPlugin, fail, type PortMap, type Subscription, type Tx } from '@plugga/kit';
import { validate } from 'node-cron';
import type { Listener } from './face.ts';
import { within } from './scope.ts';
import type { AnyContributions, Entry } from './state.ts';

/** What a plugin gives for a port, by the port's id. */
export function offerOf({ plugin, contributions }: Entry, port: string): unknown {
  const key = Object.entries((plugin.offers ?? {}) as PortMap).find(([, it]) => it.id === port)?.[0];
  return key === undefined ? undefined : contributions?.offers?.[key];
}

/** The compiler refuses this already; a plugin may come without types. */
export function refuseUnkept(plugin: AnyPlugin, given: AnyContributions | undefined): void {
  if (given === undefined || given === null || typeof given !== 'object')
    throw fail('plugin-invalid', `setup of "${plugin.name}" returned nothing: return at least {}`);
  for (const key of Object.keys(plugin.offers ?? {}))
    if (given.offers?.[key] === undefined)
      throw fail('plugin-invalid', `"${key}" was promised in offers and not given`);
  for (const key of Object.keys(plugin.work ?? {}))
    if (typeof given.work?.[key] !== 'function') throw fail('plugin-invalid', `the work "${key}" has no worker`);
  for (const [name, { cron }] of Object.entries(given.jobs ?? {}))
    if (!validate(cron)) throw fail('plugin-invalid', `the job "${name}" has no valid cron: "${cron}"`);
}

/** What delivery hands to a plugin; plugins that are not running are not waited for. `failed` is told before delivery parks. */
export function listenerOf(
  entry: Entry,
  after: readonly string[],
  running: readonly Entry[],
  failed: (plugin: string, where: string, error: unknown) => void,
): Listener {
  const { name } = entry.plugin;
  const names = new Set(running.map(({ plugin }) => plugin.name));
  const told = (it: Subscription): Subscription => {
    const run = it.run as (given: never, tx: Tx) => Promise<unknown>;
    const isolated = (given: never, tx: Tx): Promise<unknown> =>
      within(name, async () => {
        try {
          return await run(given, tx);
        } catch (error) {
          failed(name, `handler ${subjectOf(it)}`, error);
          throw error;
        }
      });
    return { ...it, run: isolated } as Subscription;
  };
  return {
    plugin: name,
    subscriptions: (entry.contributions?.on ?? []).map(told),
    after: after.filter((other) => names.has(other)),
  };
}

const subjectOf = (it: Subscription): string =>
  it.kind === 'one' ? it.def.type : it.kind === 'batch' ? it.defs.map(({ type }) => type).join(', ') : 'of every event';
