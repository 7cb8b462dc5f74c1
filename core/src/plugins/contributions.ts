import { type AnyPlugin, fail, type PortMap, type Subscription, type Tx } from '@plugga/kit';
import { validate } from 'node-cron';
import type { Clock } from '../ports.ts';
import type { Listener } from './face.ts';
import { inTime } from './in-time.ts';
import { type Offering, portsOf } from './order.ts';
import { within } from './scope.ts';
import type { AnyContributions, Entry } from './state.ts';

/** The value of each port that a plugin needs, or why there is none. Those before it in order are set up already. */
export function needsOf(
  { plugin }: Entry,
  entries: readonly Entry[],
  offering: Offering,
): { readonly needs: Record<string, unknown> } | { readonly missing: string } {
  const needs: Record<string, unknown> = {};
  for (const [key, port] of Object.entries((plugin.needs ?? {}) as PortMap)) {
    const names = offering.get(port.id) ?? [];
    const values = entries
      .filter((it) => it.state === 'set up' && names.includes(it.plugin.name))
      .map((it) => offerOf(it, port.id));
    needs[key] = port.many ? values : values[0];
    if (port.many || port.optional || values.length > 0) continue;
    const offers = ({ plugin }: Entry): boolean => portsOf(plugin.offers).some(({ id }) => id === port.id);
    const absent = entries.find((it) => names.includes(it.plugin.name)) ?? entries.find(offers);
    const why =
      absent === undefined ? ', which nothing offers' : ` of "${absent.plugin.name}", which is ${absent.state}`;
    return { missing: `needs the port "${port.id}"${why}` };
  }
  return { needs };
}

/** Calls `setup` in the plugin's name, and holds it to its time and to what it promised. */
export async function contributionsOf(
  plugin: AnyPlugin,
  context: unknown,
  limit: { readonly clock: Clock; readonly ms: number },
): Promise<AnyContributions> {
  const started = within(plugin.name, async () => plugin.setup(context as never));
  const given = (await inTime(limit.clock, limit.ms, started, 'setup').catch((error: unknown) => {
    // One that comes up after its time is ended again: nothing of it is in use.
    void started.then((late) => (late as AnyContributions | undefined)?.stop?.()).catch(() => undefined);
    throw error;
  })) as AnyContributions;
  refuseUnkept(plugin, given);
  return given;
}

/** What a plugin gives for a port, by the port's id. */
function offerOf({ plugin, contributions }: Entry, port: string): unknown {
  const key = Object.entries((plugin.offers ?? {}) as PortMap).find(([, it]) => it.id === port)?.[0];
  return key === undefined ? undefined : contributions?.offers?.[key];
}

/** The compiler refuses this already; a plugin may come without types. */
function refuseUnkept(plugin: AnyPlugin, given: AnyContributions | undefined): void {
  if (given === undefined || given === null || typeof given !== 'object')
    throw fail('plugin-invalid', `setup of "${plugin.name}" returned nothing: return at least {}`);
  for (const key of Object.keys(plugin.offers ?? {}))
    if (given.offers?.[key] === undefined)
      throw fail('plugin-invalid', `"${key}" was promised in offers and not given`);
  for (const key of Object.keys(plugin.work ?? {}))
    if (typeof given.work?.[key] !== 'function') throw fail('plugin-invalid', `the work "${key}" has no worker`);
  for (const [name, { cron }] of Object.entries(given.jobs ?? {}))
    if (!validate(cron)) throw fail('plugin-invalid', `the job "${name}" has no valid cron: "${cron}"`);
  for (const { path = 'index', module } of given.ui ?? []) {
    if (!/^[a-z][a-z0-9-]*$/.test(path)) throw fail('plugin-invalid', `the page "${path}" is not named in kebab-case`);
    // From elsewhere it would be refused by the browser, and should be: its code runs with the operator's key.
    if (!/^(?!\/\/)[\w./-]+$/.test(module) || module.includes('..'))
      throw fail('plugin-invalid', `the module "${module}" of the page "${path}" is no path of this plugin`);
    if (!module.startsWith('/') && given.web === undefined)
      throw fail('plugin-invalid', `the page "${path}" names "${module}", and the plugin has no web`);
  }
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
