import { type AnyPlugin, type Deployment, fail, z } from '@plugga/kit';
import { secretsOf } from './secret-fields.ts';

/** A plugin of the deployment after its config was read. `config` is what its schema made of it. */
export type Configured =
  | { readonly plugin: AnyPlugin; readonly version: string; readonly state: 'configured'; readonly config: unknown }
  | { readonly plugin: AnyPlugin; readonly version: string; readonly state: 'disabled'; readonly reason: string };

/** Names that the core and its tools have taken as database schemas. */
const reserved = new Set(['core', 'frame', 'pgboss', 'public', 'information_schema']);

/** Its own database schema: `operator-console` has `operator_console`. */
export const schemaOf = (plugin: string): string => plugin.replaceAll('-', '_');

/**
 * Reads each plugin's config, in the deployment's order. A config that does not fit disables that plugin and names the
 * field; a name that is wrong or taken twice is an error of the deployment as a whole.
 */
export function configure(entries: Deployment['plugins']): readonly Configured[] {
  const taken = new Set<string>();
  return entries.map((entry) => {
    const { plugin, config, enabled = true } = 'plugin' in entry ? entry : { plugin: entry };
    refuseBadName(plugin.name, taken);
    taken.add(plugin.name);
    const version = plugin.version ?? '0.0.0';
    if (!enabled) return { plugin, version, state: 'disabled', reason: 'not enabled in the deployment' };
    const secrets = secretsOf(plugin.settings ?? z.object({}));
    if ('misplaced' in secrets)
      return {
        plugin,
        version,
        state: 'disabled',
        reason: `settings: a secret has no fixed place at ${secrets.misplaced}`,
      };
    if (plugin.config === undefined)
      return config === undefined
        ? { plugin, version, state: 'configured', config: {} }
        : { plugin, version, state: 'disabled', reason: 'config: this plugin takes none' };
    const read = strict(plugin.config).safeParse(config ?? {});
    return read.success
      ? { plugin, version, state: 'configured', config: read.data }
      : { plugin, version, state: 'disabled', reason: fieldsOf(read.error) };
  });
}

function refuseBadName(name: string, taken: ReadonlySet<string>): void {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40)
    throw fail('plugin-invalid', `"${name}" is not a plugin name: kebab-case, at most 40 characters`);
  if (reserved.has(schemaOf(name)) || name.startsWith('pg-'))
    throw fail('plugin-invalid', `the plugin name "${name}" is reserved`);
  if (taken.has(name)) throw fail('plugin-invalid', `two plugins are called "${name}"`);
}

/** A key that the schema does not know is a typing mistake, not something to drop. */
const strict = (schema: z.ZodType): z.ZodType => (schema instanceof z.ZodObject ? schema.strict() : schema);

/** `config.roundTo: Invalid input: expected number, received string`, one a field. */
const fieldsOf = (error: z.ZodError): string =>
  error.issues.map((issue) => `${['config', ...issue.path.map(String)].join('.')}: ${issue.message}`).join('; ');
