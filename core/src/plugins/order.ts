import { type AnyPlugin, fail, type Port, type PortMap } from '@plugga/kit';

/** Which plugins serve each port, in the deployment's order; a single port has one. */
export type Offering = ReadonlyMap<string, readonly string[]>;

export interface Ordered {
  /** Each after every plugin whose port it needs; else as the deployment says. */
  readonly plugins: readonly AnyPlugin[];
  readonly offering: Offering;
  /** The plugins that a plugin's events and set-up wait for. */
  readonly after: ReadonlyMap<string, readonly string[]>;
}

/** The ports of one side of a definition. */
export const portsOf = (map: PortMap | undefined): readonly Port<unknown>[] => Object.values(map ?? {});

/**
 * Binds ports and puts plugins in order. Throws `plugin-invalid` where the deployment must decide: several offers for a
 * single port that `ports` does not settle, or plugins that need each other in a circle.
 */
export function order(plugins: readonly AnyPlugin[], chosen: Readonly<Record<string, string>> = {}): Ordered {
  const offering = bind(plugins, chosen);
  const after = new Map(plugins.map((plugin) => [plugin.name, neighbours(plugin, offering)]));
  return { plugins: sorted(plugins, after), offering, after };
}

const neighbours = (plugin: AnyPlugin, offering: Offering): readonly string[] => [
  ...new Set(portsOf(plugin.needs).flatMap((port) => offering.get(port.id) ?? [])),
];

function bind(plugins: readonly AnyPlugin[], chosen: Readonly<Record<string, string>>): Offering {
  const offers = new Map<string, string[]>();
  const many = new Map<string, boolean>();
  for (const plugin of plugins)
    for (const port of portsOf(plugin.offers)) {
      offers.set(port.id, [...(offers.get(port.id) ?? []), plugin.name]);
      many.set(port.id, port.many);
    }
  for (const [id, names] of offers) if (!many.get(id)) offers.set(id, [single(id, names, chosen[id])]);
  for (const id of Object.keys(chosen))
    if (!offers.has(id)) throw fail('plugin-invalid', `ports names "${chosen[id]}" for "${id}", which nothing offers`);
  return offers;
}

function single(id: string, names: readonly string[], chosen: string | undefined): string {
  const named = names.find((name) => name === chosen);
  if (named !== undefined) return named;
  const list = names.map((name) => `"${name}"`).join(' and ');
  if (chosen !== undefined)
    throw fail('plugin-invalid', `ports names "${chosen}" for the port "${id}", which is offered by ${list}`);
  if (names.length > 1)
    throw fail('plugin-invalid', `${list} offer the port "${id}": name one as \`ports: { '${id}': … }\``);
  return names[0]!;
}

/** Depth first in the deployment's order, so that plugins without ties keep their places. */
function sorted(plugins: readonly AnyPlugin[], after: ReadonlyMap<string, readonly string[]>): readonly AnyPlugin[] {
  const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]));
  const done = new Set<AnyPlugin>();
  const path: string[] = [];
  const visit = (name: string): void => {
    const plugin = byName.get(name)!;
    if (done.has(plugin)) return;
    if (path.includes(name)) throw circle([...path.slice(path.indexOf(name)), name], byName);
    path.push(name);
    for (const before of after.get(name) ?? []) visit(before);
    path.pop();
    done.add(plugin);
  };
  for (const plugin of plugins) visit(plugin.name);
  return [...done];
}

function circle(names: readonly string[], byName: ReadonlyMap<string, AnyPlugin>) {
  const steps = names.slice(0, -1).map((name, i) => {
    const next = byName.get(names[i + 1]!)!;
    const offered = new Set(portsOf(next.offers).map((port) => port.id));
    const port = portsOf(byName.get(name)!.needs).find((it) => offered.has(it.id));
    return `"${name}" needs the port "${port?.id}" of "${next.name}"`;
  });
  return fail('plugin-invalid', `plugins need each other in a circle: ${steps.join(', ')}`);
}
