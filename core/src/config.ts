import { readFileSync } from 'node:fs';
import { fail, type Instant, z } from '@plugga/kit';
import { realClock } from './clock.ts';
import { nearest } from './nearest.ts';
import { readTlsFiles, type TlsFiles } from './tls/files.ts';
import { endingOf } from './tls/expiry.ts';
import { offlinePolicyOf, type OfflinePolicy } from './token/offline-policy.ts';

/** Every setting by its name in the environment; a config file uses the same names. */
const optional = <S extends z.ZodType>(schema: S) => schema.optional();
const number = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'a URL such as postgres://user:password@host/database',
});

const paths = z
  .string()
  .default('')
  .transform((list) => list.split(',').flatMap((entry) => entry.trim() || []));

const settings = z.strictObject({
  PLUGGA_HOST: z.string().min(1).default('127.0.0.1').describe('Address that HTTP, SSE and OCPP listen on'),
  PLUGGA_PORT: number(0, 65_535).default(8080).describe('One port for all; 0 picks a free one and prints it'),
  PLUGGA_TLS_PORT: number(0, 65_535)
    .default(8443)
    .describe('Port for the same over TLS, where PLUGGA_TLS_CERT is set; 0 picks a free one and prints it'),
  PLUGGA_TLS_CERT: paths.describe(
    'PEM file of the certificate that stations are shown, with its chain; two by comma: one of RSA, one of ECDSA',
  ),
  PLUGGA_TLS_KEY: paths.describe('PEM file of its key; as many as certificates, in the same order'),
  PLUGGA_TLS_CLIENT_CA: optional(z.string().min(1)).describe(
    'PEM file of who may vouch for stations of security profile 3, beside what the plugin certificates signs',
  ),
  PLUGGA_DATA: z.string().min(1).default('./data').describe('Folder of the embedded database, the journal and caches'),
  DATABASE_URL: optional(postgresUrl).describe('PostgreSQL 15 or later instead of the embedded one'),
  PLUGGA_PUBLIC_URL: optional(z.url({ protocol: /^https?$/ }))
    .transform((url) => url?.replace(/\/+$/, ''))
    .describe('Base of every URL that is handed out; default http://host:port'),
  PLUGGA_ADMIN_KEY: optional(
    z.string().regex(/^[\x21-\x7e]{16,}$/, 'at least 16 printable characters without spaces'),
  ).describe('A key of the installation that always works; without it one is made at first start and printed once'),
  PLUGGA_ONBOARDING: z.enum(['closed', 'open']).default('closed').describe('open: unknown stations are let in'),
  PLUGGA_PARTY: z
    .string()
    .regex(/^[A-Z]{2}\*[A-Z0-9]{3}$/, 'a country code and a party id, such as SE*PLG')
    .default('SE*PLG')
    .describe('OCPI country code and party id of the first tenant'),
  PLUGGA_EGRESS_ALLOW: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((entry) => entry.trim() || []))
    .describe('Hosts or host:port, by comma, that URLs of partners may reach although private, and by plain http'),
  PLUGGA_OFFLINE_TOKENS: z
    .string()
    .default('')
    .transform((text, context) => {
      const policy = offlinePolicyOf(text);
      if ('types' in policy) return { text, policy };
      for (const message of policy) context.addIssue({ code: 'custom', message });
      return z.NEVER;
    })
    .describe(
      'While the database is away, by type of token: always, never or hours since last known good; default=24h; unknown=never refuses their starts too',
    ),
  PLUGGA_FRAME_DAYS: number(1, 3650).default(30).describe('Days that untouched frames are kept'),
  PLUGGA_ARCHIVE_DAYS: number(7, 3650)
    .default(30)
    .describe('Days after which meter values of closed sessions move to the archive, where they are kept'),
  PLUGGA_QUARANTINE_DAYS: number(60, 3650)
    .default(365)
    .describe('Days that messages in quarantine are kept that nobody has replayed; replayed ones are kept 30'),
  PLUGGA_DRAIN_SECONDS: number(0, 600).default(5).describe('Longest wait for what is under way when stopping'),
  NATS_URL: optional(
    z.url({ protocol: /^(nats|tls)$/, error: 'a URL such as nats://user:password@host:4222, or tls://…' }),
  ).describe('Bus between nodes; without it one node works alone'),
  NATS_CA: optional(z.string().min(1)).describe(
    'PEM file of who may vouch for NATS at tls://…; without it those that Node knows',
  ),
  NATS_CERT: optional(z.string().min(1)).describe('PEM file of the certificate that this node shows to NATS'),
  NATS_KEY: optional(z.string().min(1)).describe('PEM file of its key'),
  PLUGGA_NODE: optional(z.string().regex(/^[\w-]{1,40}$/, 'letters, digits, - and _, at most 40')).describe(
    'Name of this node among several; by default one is drawn and kept under PLUGGA_DATA',
  ),
  PLUGGA_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least severe line that is logged'),
  PLUGGA_CONFIG: optional(z.string().min(1)).describe('A JSON file with these settings; the environment wins over it'),
});
export type SettingName = keyof z.output<typeof settings>;
type Values = z.output<typeof settings>;

const secret: ReadonlySet<string> = new Set(['PLUGGA_ADMIN_KEY', 'DATABASE_URL', 'NATS_URL']);
/** Settings of our other tools: in the environment of a start they are no mistake. */
const ofOthers = /^PLUGGA_(URL|KEY|TEST(_[A-Z]+)?)$/;

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Undefined: plain HTTP alone. The files are read at the start, and again when they change. */
  readonly tls: (TlsFiles & { readonly port: number }) | undefined;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  /** Undefined: http://host:port once the port is known. */
  readonly publicUrl: string | undefined;
  readonly adminKey: string | undefined;
  readonly onboarding: 'closed' | 'open';
  readonly party: { readonly countryCode: string; readonly partyId: string };
  readonly egressAllow: readonly string[];
  readonly offlineTokens: OfflinePolicy;
  readonly frameDays: number;
  readonly archiveDays: number;
  readonly quarantineDays: number;
  readonly drainSeconds: number;
  readonly natsUrl: string | undefined;
  /** Paths of PEM files; read at each connection, so that they can be renewed. */
  readonly natsTls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Undefined: one is drawn and kept under `dataDir`. */
  readonly node: string | undefined;
  readonly logLevel: Values['PLUGGA_LOG_LEVEL'];
}

export interface Setting {
  readonly name: SettingName;
  readonly source: 'environment' | 'file' | 'default';
  /** As text; secrets redacted, null where nothing is set. */
  readonly value: string | null;
  readonly about: string;
}

export interface ConfigReport {
  readonly settings: readonly Setting[];
  /** One sentence each; empty when the configuration is valid. */
  readonly problems: readonly string[];
  /** What works and will not for long. */
  readonly warnings: readonly string[];
  readonly config: Config | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the configuration; throws `invalid-config` with every problem in it. */
export function readConfig(env: Environment, file?: unknown): Config {
  const { config, problems } = checkConfig(env, file);
  if (config === undefined) throw fail('invalid-config', problems.join('\n'), { details: { problems } });
  return config;
}

/** The whole configuration with the source of each value: what `plugga config check` prints. */
export function checkConfig(
  env: Environment,
  file: unknown = fileOf(env.PLUGGA_CONFIG),
  now: Instant = realClock.now(),
): ConfigReport {
  const problems: string[] = [];
  if (file instanceof Error) problems.push(`PLUGGA_CONFIG: ${file.message}`);
  const fromFile = isRecord(file) && !(file instanceof Error) ? file : {};
  if (file !== undefined && !isRecord(file)) problems.push('PLUGGA_CONFIG: the file must hold one JSON object');
  const names = Object.keys(settings.shape) as SettingName[];
  const given: Record<string, unknown> = {};
  for (const name of names) {
    const value = env[name] === undefined || env[name] === '' ? fromFile[name] : env[name];
    if (value !== undefined) given[name] = value;
  }
  for (const name of [...Object.keys(fromFile), ...Object.keys(env).filter((key) => key.startsWith('PLUGGA_'))]) {
    if (names.includes(name as SettingName) || ofOthers.test(name)) continue;
    const meant = nearest(name, names);
    problems.push(`${name} is not a setting${meant === undefined ? '' : `, did you mean ${meant}?`}`);
  }
  const parsed = settings.safeParse(given);
  for (const issue of parsed.error?.issues ?? []) problems.push(`${issue.path.join('.')}: ${issue.message}`);
  const tls = parsed.success ? examineTls(parsed.data) : undefined;
  if (parsed.success) problems.push(...natsProblems(parsed.data), ...(tls?.problems ?? []));
  const shown = (name: SettingName): string | null => {
    const value = parsed.success ? parsed.data[name] : given[name];
    if (value === undefined || value === '') return null;
    if (typeof value === 'object' && value !== null && 'text' in value) return String(value.text) || null;
    return secret.has(name) ? redactSecret(String(value)) : Array.isArray(value) ? value.join(',') : String(value);
  };
  return {
    settings: names.map((name) => ({
      name,
      source: env[name] ? 'environment' : fromFile[name] === undefined ? 'default' : 'file',
      value: shown(name),
      about: settings.shape[name].description ?? '',
    })),
    problems,
    warnings: problems.length > 0 ? [] : (tls?.material?.shown ?? []).flatMap((it) => endingOf(it, now)?.text ?? []),
    config: parsed.success && problems.length === 0 ? configOf(parsed.data) : undefined,
  };
}

function configOf(values: Values): Config {
  const [countryCode = '', partyId = ''] = values.PLUGGA_PARTY.split('*');
  return {
    host: values.PLUGGA_HOST,
    port: values.PLUGGA_PORT,
    tls: tlsOf(values),
    dataDir: values.PLUGGA_DATA,
    databaseUrl: values.DATABASE_URL,
    publicUrl: values.PLUGGA_PUBLIC_URL,
    adminKey: values.PLUGGA_ADMIN_KEY,
    onboarding: values.PLUGGA_ONBOARDING,
    party: { countryCode, partyId },
    egressAllow: values.PLUGGA_EGRESS_ALLOW,
    offlineTokens: values.PLUGGA_OFFLINE_TOKENS.policy,
    frameDays: values.PLUGGA_FRAME_DAYS,
    archiveDays: values.PLUGGA_ARCHIVE_DAYS,
    quarantineDays: values.PLUGGA_QUARANTINE_DAYS,
    drainSeconds: values.PLUGGA_DRAIN_SECONDS,
    natsUrl: values.NATS_URL,
    natsTls: {
      ...(values.NATS_CA === undefined ? {} : { ca: values.NATS_CA }),
      ...(values.NATS_CERT === undefined ? {} : { cert: values.NATS_CERT }),
      ...(values.NATS_KEY === undefined ? {} : { key: values.NATS_KEY }),
    },
    node: values.PLUGGA_NODE,
    logLevel: values.PLUGGA_LOG_LEVEL,
  };
}

const tlsFiles = (values: Values): TlsFiles => ({
  certificates: values.PLUGGA_TLS_CERT.map((cert, i) => ({ cert, key: values.PLUGGA_TLS_KEY[i] ?? '' })),
  ...(values.PLUGGA_TLS_CLIENT_CA === undefined ? {} : { clientCa: values.PLUGGA_TLS_CLIENT_CA }),
});

const tlsOf = (values: Values): Config['tls'] =>
  values.PLUGGA_TLS_CERT.length === 0 ? undefined : { port: values.PLUGGA_TLS_PORT, ...tlsFiles(values) };

/** What the files hold, read once for all that is to be said of them. */
function examineTls(values: Values): ReturnType<typeof readTlsFiles> {
  const { PLUGGA_TLS_CERT: certs, PLUGGA_TLS_KEY: keys, PLUGGA_TLS_CLIENT_CA: ca, PLUGGA_TLS_PORT: port } = values;
  const unread = (...problems: readonly string[]) => ({ problems, material: undefined });
  if (certs.length !== keys.length)
    return unread(`PLUGGA_TLS_CERT and PLUGGA_TLS_KEY go together: ${certs.length} and ${keys.length} files are named`);
  if (certs.length === 0)
    return ca === undefined
      ? unread()
      : unread('PLUGGA_TLS_CLIENT_CA: only with PLUGGA_TLS_CERT, over which stations would come');
  if (port !== 0 && port === values.PLUGGA_PORT) return unread('PLUGGA_TLS_PORT: another than PLUGGA_PORT is needed');
  const { problems, material } = readTlsFiles(tlsFiles(values));
  return { problems: problems.map((problem) => `PLUGGA_TLS_*: ${problem}`), material };
}

function natsProblems(values: Values): readonly string[] {
  const files = (['NATS_CA', 'NATS_CERT', 'NATS_KEY'] as const).filter((name) => values[name] !== undefined);
  const problems = files.flatMap((name) => unreadable(values[name]!).map((why) => `${name}: ${why}`));
  if (files.length > 0 && values.NATS_URL?.startsWith('tls:') !== true)
    problems.push(`${files.join(', ')}: only for NATS_URL=tls://…, which would be encrypted`);
  if ((values.NATS_CERT === undefined) !== (values.NATS_KEY === undefined))
    problems.push('NATS_CERT and NATS_KEY go together: name both');
  return problems;
}

function unreadable(path: string): readonly string[] {
  try {
    if (readFileSync(path, 'utf8').includes('-----BEGIN ')) return [];
    return [`${path} is no PEM file`];
  } catch (error) {
    return [`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function fileOf(path: string | undefined): unknown {
  if (path === undefined || path === '') return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return new Error(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A URL keeps its host, so that one sees where it leads; anything else is hidden whole. */
function redactSecret(value: string): string {
  if (!URL.canParse(value)) return '***';
  const url = new URL(value);
  if (url.password !== '') url.password = '***';
  // NATS takes a user without a password for a token.
  else if (url.username !== '' && /^(nats|tls):$/.test(url.protocol)) url.username = '***';
  url.search = '';
  return url.href;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
