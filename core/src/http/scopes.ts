/**
 * One rule for every route, ours and the plugins': the first word of the path below /api/v1 is the resource; reading it needs
 * `<resource>:read`, changing it `<resource>:write`, which includes reading. `read` reads all, `*` may all of the tenant's.
 * Tenants and nodes belong to the installation: its admin alone.
 */
export const installationScope = 'installation';

export const scopePattern = /^(\*|read|[a-z][a-z-]*:(read|write))$/;

/** Every caller may see who it is, and which pages there are: what they show needs scopes of its own. */
const free: ReadonlySet<string> = new Set(['me', 'ui']);
const ofInstallation: ReadonlySet<string> = new Set(['tenants', 'nodes']);
/** What asks with a body and changes nothing: reading is enough, and the audit does not tell it. */
const readingPosts: ReadonlySet<string> = new Set([
  '/tariffs/price',
  '/tariffs/lint',
  '/tariffs/preview',
  '/tariffs/backtest',
  '/tariffs/affected',
]);
export const isReadingPost = (path: string): boolean => readingPosts.has(path);

/** The scope for a request below /api/v1; undefined where a valid key is enough. */
export function scopeOf(method: string, path: string): string | undefined {
  const resource = path.split('/').find((part) => part !== '') ?? '';
  if (free.has(resource)) return undefined;
  if (ofInstallation.has(resource)) return installationScope;
  const reading = method === 'GET' || method === 'HEAD' || readingPosts.has(path);
  return `${resource}:${reading ? 'read' : 'write'}`;
}

export function allows(scopes: readonly string[], needed: string | undefined): boolean {
  if (needed === undefined || scopes.includes(needed)) return true;
  if (needed === installationScope) return false;
  if (scopes.includes('*')) return true;
  const [resource = '', what] = needed.split(':');
  return what === 'read' && (scopes.includes('read') || scopes.includes(`${resource}:write`));
}
