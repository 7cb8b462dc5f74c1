import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { PluggaError } from '@plugga/kit';
import { realClock } from '../clock.ts';
import { checkConfig, type Config } from '../config.ts';
import { missingGrants } from '../db/working-role.ts';
import { openDatabase } from '../db/open.ts';
import { checkAdvisories } from './advisories/check.ts';
import { tablesFound } from './doctor-tables.ts';
import { clusterFindings } from './doctor-cluster.ts';
import { exitCodes, UsageError, type Command, type Invocation } from './command.ts';
import { examineJournal } from './doctor-journal.ts';
import { runningFindings } from './doctor-running.ts';
import { examineStanding } from './doctor-standing.ts';
import { tlsFindings } from './doctor-tls.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';
import { optionsOf } from './options.ts';
import { tableOf } from './table.ts';

const LEAST_FREE_BYTES = 1024 ** 3;
const BUILT_AFTER = Date.UTC(2026, 0, 1);

const options = { advisories: { type: 'string' }, sbom: { type: 'string', multiple: true } } as const;

export const doctor: Command = {
  usage: 'plugga doctor [--advisories <file or folder> [--sbom <file>]...]',
  summary: 'Looks for what would keep the platform from starting or working well, and says what to do',
  async run(invocation) {
    const { advisories, sbom } = optionsOf(invocation.args, options).values;
    if (advisories !== undefined) return checkAdvisories(invocation, { advisories, sboms: sbom ?? [] });
    if (sbom !== undefined) throw new UsageError('--sbom says what --advisories looks at: name both');
    const findings = await examine(invocation);
    if (invocation.json) invocation.out(JSON.stringify(findings));
    else invocation.out(tableOf(findings, ['result', 'check', 'detail']));
    return findings.some(({ result }) => result === 'wrong') ? exitCodes.failed : exitCodes.done;
  },
};

async function examine(invocation: Invocation): Promise<readonly Finding[]> {
  const { config, problems } = checkConfig(invocation.env);
  const general = [
    Number(process.versions.node.split('.')[0]) >= 24
      ? ok('node', process.version)
      : wrong('node', `${process.version}; Node 24 or later is needed`),
    Date.now() > BUILT_AFTER
      ? ok('clock', new Date().toISOString())
      : wrong('clock', 'the clock is years behind: set it'),
    problems.length === 0 ? ok('settings', 'valid') : wrong('settings', problems.join('; ')),
    await plugins(invocation),
  ];
  if (config === undefined) return general;
  const cluster = await clusterFindings(config);
  return [
    ...general,
    await dataFolder(config),
    ...(await examineJournal(config)),
    ...(await examineStanding(config)),
    await port(config),
    ...(await runningFindings(config)),
    await database(config),
    ...(await tables(config)),
    ...cluster,
    ...tlsFindings(config, realClock.now()),
    security(config),
  ];
}

async function plugins(invocation: Invocation): Promise<Finding> {
  try {
    const { adapters, plugins: listed } = await invocation.deployment();
    return ok('plugins', `${adapters.map(({ protocol }) => protocol).join(', ')}; ${listed.length} plugins`);
  } catch (error) {
    return wrong('plugins', textOf(error));
  }
}

async function dataFolder({ dataDir }: Config): Promise<Finding> {
  const folder = resolve(dataDir);
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const gib = (free / 1024 ** 3).toFixed(1);
    return free < LEAST_FREE_BYTES
      ? warning('data', `${folder}: only ${gib} GiB are free`)
      : ok('data', `${folder}, ${gib} GiB free`);
  } catch (error) {
    return wrong('data', `${folder} cannot be written: ${textOf(error)}; set PLUGGA_DATA to another folder`);
  }
}

async function port({ host, port }: Config): Promise<Finding> {
  const server = createServer();
  const taken = await new Promise<string | undefined>((done) => {
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => done(undefined)));
  });
  if (taken === undefined) return ok('port', `${host}:${port} is free`);
  if (taken !== 'EADDRINUSE') return wrong('port', `${host}:${port}: ${taken}; set PLUGGA_HOST and PLUGGA_PORT`);
  const ours = await fetch(`http://${host}:${port}/version`, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => ((await response.json()) as { name?: string }).name === 'plugga',
    () => false,
  );
  return ours
    ? ok('port', `a platform runs at ${host}:${port}`)
    : wrong('port', `${host}:${port} is taken by another program; set PLUGGA_PORT`);
}

async function database({ databaseUrl }: Config): Promise<Finding> {
  if (databaseUrl === undefined) return ok('database', 'the embedded PostgreSQL, made at first start');
  const owner = openDatabase<unknown>({ url: databaseUrl, max: 1 });
  try {
    const statements = await missingGrants(owner.kysely);
    if (statements.length === 0)
      return ok('database', 'reachable, PostgreSQL 15 or later, the working role can be used');
    return wrong('database', `have a superuser run: ${statements.map((it) => `${it};`).join(' ')}`);
  } catch (error) {
    return wrong('database', textOf(error));
  } finally {
    await owner.close();
  }
}

/** Of a database of one's own; the embedded one is only there while the platform runs. */
async function tables({ databaseUrl }: Config): Promise<readonly Finding[]> {
  if (databaseUrl === undefined) return [];
  const owner = openDatabase<unknown>({ url: databaseUrl, max: 1 });
  try {
    const found = await tablesFound(owner.kysely, Date.now());
    if (found === undefined) return [];
    return [found.late ? warning('tables', found.detail) : ok('tables', found.detail)];
  } catch {
    return []; // said under "database" already
  } finally {
    await owner.close();
  }
}

function security({ host, onboarding, publicUrl, tls }: Config): Finding {
  const local = host === '127.0.0.1' || host === '::1' || host === 'localhost';
  if (onboarding === 'open' && !local)
    return warning('security', 'PLUGGA_ONBOARDING=open lets unknown stations in from the network');
  if (!local && publicUrl?.startsWith('https:') !== true)
    return warning(
      'security',
      `listening on the network ${tls === undefined ? 'without TLS' : 'with TLS, and URLs that are given out name plain HTTP'}: set PLUGGA_PUBLIC_URL to the https address${tls === undefined ? ' of what ends TLS in front, or PLUGGA_TLS_CERT' : ''}`,
    );
  const how = local ? 'this machine only' : tls === undefined ? 'behind TLS' : 'TLS of its own';
  return ok('security', `onboarding ${onboarding}, ${how}`);
}

const textOf = (error: unknown): string => {
  if (error instanceof PluggaError) return error.message;
  return error instanceof Error
    ? error.message === '' && 'code' in error
      ? String(error.code)
      : error.message
    : String(error);
};
