import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testAuthority } from '@plugga/testing';
import { checkConfig, readConfig } from './config.ts';

test('an empty environment is a valid configuration that needs nothing', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    dataDir: './data',
    databaseUrl: undefined,
    onboarding: 'closed',
    party: { countryCode: 'SE', partyId: 'PLG' },
    egressAllow: [],
    frameDays: 30,
    drainSeconds: 5,
  });
});

test('a value that was set to nothing counts as not set', () => {
  expect(readConfig({ PLUGGA_PORT: '', PLUGGA_ADMIN_KEY: '' }).port).toBe(8080);
});

test('an unknown setting is refused with what was probably meant', () => {
  expect(() => readConfig({ PLUGGA_ONBORDING: 'open' })).toThrow(
    'PLUGGA_ONBORDING is not a setting, did you mean PLUGGA_ONBOARDING?',
  );
  expect(() => readConfig({ PLUGGA_ZZZZ: '1' })).toThrow('PLUGGA_ZZZZ is not a setting');
});

test('an invalid value is refused by the name of its setting', () => {
  expect(() => readConfig({ PLUGGA_PORT: '80800' })).toThrow('PLUGGA_PORT');
  expect(() => readConfig({ PLUGGA_PARTY: 'Plugga' })).toThrow('such as SE*PLG');
  expect(() => readConfig({ PLUGGA_ADMIN_KEY: 'short' })).toThrow('at least 16 printable characters');
  expect(() => readConfig({ DATABASE_URL: 'mysql://somewhere' })).toThrow('DATABASE_URL');
});

test('the environment wins over the file, the file over the defaults, and check says which', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plugga-config-'));
  try {
    const path = join(folder, 'plugga.json');
    writeFileSync(path, JSON.stringify({ PLUGGA_PORT: 9000, PLUGGA_FRAME_DAYS: 7 }));
    const { settings, config } = checkConfig({ PLUGGA_CONFIG: path, PLUGGA_PORT: '9100' });
    const sourceOf = (name: string) => settings.find((setting) => setting.name === name)?.source;
    expect(config).toMatchObject({ port: 9100, frameDays: 7 });
    expect([sourceOf('PLUGGA_PORT'), sourceOf('PLUGGA_FRAME_DAYS'), sourceOf('PLUGGA_HOST')]).toEqual([
      'environment',
      'file',
      'default',
    ]);
    writeFileSync(path, JSON.stringify({ PLUGGA_PROT: 9000 }));
    expect(() => readConfig({ PLUGGA_CONFIG: path })).toThrow('did you mean PLUGGA_PORT?');
    writeFileSync(path, '{');
    expect(() => readConfig({ PLUGGA_CONFIG: path })).toThrow('cannot be read');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('secrets are never shown whole, a URL keeps its host', () => {
  const { settings } = checkConfig({
    PLUGGA_ADMIN_KEY: 'canary-canary-canary',
    DATABASE_URL: 'postgres://plugga:canary@db.example/plugga?password=canary',
  });
  const shown = JSON.stringify(settings);
  expect(shown).not.toContain('canary');
  expect(shown).toContain('db.example');
});

test('hosts that partners may reach are a list', () => {
  expect(readConfig({ PLUGGA_EGRESS_ALLOW: 'localhost:9000, hub.internal ,' }).egressAllow).toEqual([
    'localhost:9000',
    'hub.internal',
  ]);
});

test('what holds for tokens while the database is away is said by type, and a slip in it is found', () => {
  expect(readConfig({}).offlineTokens).toEqual({ types: new Map(), rest: { hours: 24 }, unknown: undefined });
  const text = 'ISO14443=48h, emaid=always, unknown=never, default=never, fleet=12h';
  expect(readConfig({ PLUGGA_OFFLINE_TOKENS: text }).offlineTokens).toEqual({
    types: new Map<string, unknown>([
      ['iso14443', { hours: 48 }],
      ['emaid', 'always'],
      ['fleet', { hours: 12 }],
    ]),
    rest: 'never',
    unknown: 'never',
  });
  const shown = checkConfig({ PLUGGA_OFFLINE_TOKENS: text }).settings.find((it) => it.name === 'PLUGGA_OFFLINE_TOKENS');
  expect(shown).toMatchObject({ value: text, source: 'environment' });
  const mistakes: Record<string, string> = {
    'ISO1443=24h': 'did you mean ISO14443?',
    'ISO14443=sometimes': 'always, never or hours such as 24h',
    'ISO14443=0h': 'always, never or hours such as 24h',
    ISO14443: 'always, never or hours such as 24h',
    'eMAID=24h,EMAID=never': 'stands there twice',
    'unknown=24h': '"unknown" is always or never',
  };
  for (const [given, said] of Object.entries(mistakes))
    expect(() => readConfig({ PLUGGA_OFFLINE_TOKENS: given }), given).toThrow(said);
});

test('certificates for NATS are files that can be read, and only for a bus that is encrypted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plugga-config-'));
  const pem = join(folder, 'ca.pem');
  writeFileSync(pem, '-----BEGIN CERTIFICATE-----\n');
  const other = join(folder, 'other');
  writeFileSync(other, 'no certificate');
  try {
    const tls = { NATS_URL: 'tls://token@nats.example', NATS_CA: pem };
    expect(readConfig(tls).natsTls).toEqual({ ca: pem });
    expect(readConfig({ ...tls, NATS_CERT: pem, NATS_KEY: pem }).natsTls).toEqual({ ca: pem, cert: pem, key: pem });
    expect(() => readConfig({ ...tls, NATS_URL: 'nats://nats.example' })).toThrow(/NATS_CA: only for NATS_URL=tls/);
    expect(() => readConfig({ NATS_CA: pem })).toThrow(/NATS_CA: only for NATS_URL=tls/);
    expect(() => readConfig({ ...tls, NATS_CERT: pem })).toThrow('NATS_CERT and NATS_KEY go together');
    expect(() => readConfig({ ...tls, NATS_CA: other })).toThrow(/NATS_CA: .* is no PEM file/);
    expect(() => readConfig({ ...tls, NATS_CA: join(folder, 'none') })).toThrow(/NATS_CA: .* cannot be read: ENOENT/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('certificates of the TLS listener go with their keys, and one that ends soon is said', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plugga-config-'));
  try {
    const authority = testAuthority();
    const keep = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const made = (name: string, o: Parameters<typeof authority.issue>[1]) => {
      const { cert, key } = authority.issue(name, { hosts: ['localhost'], ...o });
      return { PLUGGA_TLS_CERT: keep(`${name}.pem`, cert), PLUGGA_TLS_KEY: keep(`${name}.key`, key) };
    };
    const [far, soon, over] = [made('far', { days: 90 }), made('soon', { days: 5.5 }), made('over', { days: -1 })];
    const problems = (env: Record<string, string>) => checkConfig(env).problems.join();
    expect(checkConfig(far)).toMatchObject({ problems: [], warnings: [], config: { tls: { port: 8443 } } });
    expect(checkConfig(soon)).toMatchObject({ problems: [], warnings: [expect.stringContaining('expires in 5 days')] });
    expect(checkConfig(over)).toMatchObject({ problems: [], warnings: [expect.stringContaining('has expired')] });
    expect(problems({ ...far, PLUGGA_TLS_KEY: soon.PLUGGA_TLS_KEY })).toContain('is not the key of');
    expect(problems({ PLUGGA_TLS_CERT: far.PLUGGA_TLS_CERT })).toContain('go together: 1 and 0');
    expect(problems({ ...far, PLUGGA_TLS_CERT: far.PLUGGA_TLS_KEY })).toContain('holds no certificate');
    expect(problems({ ...far, PLUGGA_TLS_CERT: join(folder, 'none') })).toContain('cannot be read');
    expect(problems({ ...far, PLUGGA_TLS_PORT: '8080' })).toContain('PLUGGA_TLS_PORT');
    const both = (a: typeof far, b: typeof far) => ({
      PLUGGA_TLS_CERT: `${a.PLUGGA_TLS_CERT},${b.PLUGGA_TLS_CERT}`,
      PLUGGA_TLS_KEY: `${a.PLUGGA_TLS_KEY}, ${b.PLUGGA_TLS_KEY}`,
    });
    expect(problems(both(far, made('rsa', { key: 'rsa' })))).toBe('');
    expect(problems(both(far, soon))).toContain('a second ECDSA certificate');
    expect(problems({ PLUGGA_TLS_CLIENT_CA: keep('ca.pem', authority.cert) })).toContain('only with PLUGGA_TLS_CERT');
    expect(problems({ ...far, PLUGGA_TLS_CLIENT_CA: far.PLUGGA_TLS_CERT })).toContain('no CA');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
