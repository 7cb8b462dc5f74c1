import { generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { opened, sealed, type Envelope } from './envelope.ts';
import { envelopeFile, statementFile, subjectsIn } from './files.ts';
import { statementOf, type Making } from './provenance.ts';
import { verdictOn } from './verify.ts';

const making: Making = {
  command: 'pnpm pack:all',
  source: { commit: 'c'.repeat(40), clean: true },
  lockfileSha256: 'd'.repeat(64),
  node: '24.21.0',
  pnpm: '12.21.0',
  platform: 'linux-x64',
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugga-provenance-'));
  writeFileSync(join(folder, 'plugga-core-0.1.0.tgz'), 'a tarball');
  writeFileSync(join(folder, 'plugga-core-0.1.0.cdx.json'), '{}');
});
afterEach(() => rmSync(folder, { recursive: true }));

const pem = (key: KeyObject): string =>
  String(key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }));
const pair = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { secret: pem(privateKey), known: pem(publicKey) };
};
const packed = (secret?: string): void => {
  const text = JSON.stringify(statementOf(subjectsIn(folder), making));
  writeFileSync(join(folder, statementFile), text);
  if (secret !== undefined) writeFileSync(join(folder, envelopeFile), JSON.stringify(sealed(text, secret)));
};

const object = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const hex = (length: number) => ({ type: 'string', pattern: `^[0-9a-f]{${length}}$` });
const text = { type: 'string', minLength: 1 };
const uri = { type: 'string', pattern: '^[a-z][a-z0-9+.-]*:.+' };

/** What in-toto (attestation v1, spec/v1/statement.md) and SLSA (provenance v1) ask of the fields that we write. */
const statementSchema = object({
  _type: { const: 'https://in-toto.io/Statement/v1' },
  subject: {
    type: 'array',
    minItems: 1,
    items: object({ name: text, digest: object({ sha256: hex(64), sha512: hex(128) }) }),
  },
  predicateType: { const: 'https://slsa.dev/provenance/v1' },
  predicate: object({
    buildDefinition: object({
      buildType: uri,
      externalParameters: object({ command: text }),
      internalParameters: { type: 'object' },
      resolvedDependencies: {
        type: 'array',
        items: object({ name: text, digest: { type: 'object', minProperties: 1 }, annotations: { type: 'object' } }, [
          'name',
          'digest',
        ]),
      },
    }),
    runDetails: object(
      {
        builder: object({ id: uri, version: { type: 'object', additionalProperties: text } }),
        metadata: object({
          finishedOn: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$' },
        }),
      },
      ['builder'],
    ),
  }),
});

test('the statement has the shape of in-toto v1 with SLSA provenance v1', () => {
  const validate = new Ajv({ strict: true }).compile(statementSchema);
  const subjects = subjectsIn(folder);
  for (const one of [making, { ...making, source: undefined }, { ...making, at: new Date(0) }]) {
    validate(statementOf(subjects, one));
    expect(validate.errors).toBeNull();
  }
  const [source] = statementOf(subjects, making).predicate.buildDefinition.resolvedDependencies;
  expect(source).toEqual({ name: 'source', digest: { gitCommit: 'c'.repeat(40) }, annotations: { clean: true } });
});

test('a pack that nobody touched is as packed', () => {
  packed();
  expect(verdictOn(folder)).toMatchObject({ differences: [], signature: 'none' });
});

test('a changed, a missing and an added file are named, each with what differs', () => {
  writeFileSync(join(folder, 'licences.md'), 'a report');
  packed();
  writeFileSync(join(folder, 'plugga-core-0.1.0.tgz'), 'another tarball');
  writeFileSync(join(folder, 'stray.tgz'), '');
  rmSync(join(folder, 'licences.md'));
  expect(verdictOn(folder).differences).toEqual([
    'licences.md is missing',
    expect.stringMatching(/^plugga-core-0\.1\.0\.tgz: sha256 is [0-9a-f]{64}, when packed it was [0-9a-f]{64}$/),
    expect.stringMatching(/^plugga-core-0\.1\.0\.tgz: sha512 is/),
    'stray.tgz was not packed with the others',
  ]);
});

test('a signed pack is good with its own key alone', () => {
  const { secret, known } = pair();
  packed(secret);
  expect(verdictOn(folder)).toMatchObject({ differences: [], signature: 'not checked' });
  expect(verdictOn(folder, known)).toMatchObject({ differences: [], signature: 'good' });
  expect(verdictOn(folder, pair().known)).toMatchObject({
    signature: 'bad',
    differences: [expect.stringContaining('not signed by the key')],
  });
});

test('who changes a file and the statement with it is found by the signature', () => {
  const { secret, known } = pair();
  packed(secret);
  writeFileSync(join(folder, 'plugga-core-0.1.0.tgz'), 'another tarball');
  writeFileSync(join(folder, statementFile), JSON.stringify(statementOf(subjectsIn(folder), making)));
  expect(verdictOn(folder, known).differences).toEqual([expect.stringContaining('signs another statement')]);
  const envelope = JSON.parse(readFileSync(join(folder, envelopeFile), 'utf8')) as Envelope;
  const payload = readFileSync(join(folder, statementFile)).toString('base64');
  writeFileSync(join(folder, envelopeFile), JSON.stringify({ ...envelope, payload }));
  expect(verdictOn(folder, known)).toMatchObject({ signature: 'bad' });
  rmSync(join(folder, envelopeFile));
  expect(verdictOn(folder, known).differences).toEqual(['the pack is not signed']);
});

test('a pack without provenance, or with a damaged one, is never good', () => {
  expect(verdictOn(folder).differences).toEqual([`${statementFile} is missing`]);
  writeFileSync(join(folder, statementFile), '{"_type":');
  writeFileSync(join(folder, envelopeFile), '[]');
  expect(verdictOn(folder).differences).toEqual([
    `${statementFile} is no in-toto statement`,
    `${envelopeFile} is no DSSE envelope`,
  ]);
});

test('DSSE signs the bytes of its specification, with Ed25519 alone', () => {
  const { secret, known } = pair();
  const envelope = sealed('hello world', secret);
  const bytes = Buffer.from('DSSEv1 28 application/vnd.in-toto+json 11 hello world');
  expect(verify(null, bytes, known, Buffer.from(envelope.signatures[0]!.sig, 'base64'))).toBe(true);
  expect(opened(envelope, known)).toBe('hello world');
  expect(opened({ ...envelope, payloadType: 'text/plain' }, known)).toBeUndefined();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(() => sealed('x', pem(rsa.privateKey))).toThrow('Ed25519 is needed');
  expect(() => sealed('x', 'no key')).toThrow('no PEM');
});
