import { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AskedCertificate, ContractStatus, Questions, StationId } from '@plugga/kit';
import { plugAndCharge } from '@plugga/plugin-plug-and-charge';
import {
  type ContractFlaws,
  type PluginTest,
  testPlugin,
  type TestOperator,
  testResponder,
  type TestResponder,
} from '@plugga/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const station = 'station-1' as StationId;
const emaid = 'DEABCC123456788';
const DAY_MS = 86_400_000;

let responder: TestResponder;
let plugin: PluginTest;
let operator: TestOperator;
let stranger: TestOperator;
beforeAll(async () => {
  responder = await testResponder();
  plugin = await testPlugin(plugAndCharge, { egressAllow: ['localhost'] });
  const now = plugin.clock.now();
  operator = responder.operator('Operator', { now });
  stranger = responder.operator('Stranger', { now });
});
afterAll(async () => {
  responder.close();
  await plugin.close();
});

type Root = { readonly id: string; readonly use: string; readonly etag: string; readonly subject: string };
const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const answer = await plugin.request(`/api/v1${path}`, {
    ...{ method, headers: { 'content-type': 'application/json', ...headers } },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Root & { code?: string; detail?: string } };
};
const trust = async (certificate: string, use = 'mo'): Promise<Root> => {
  const { status, body } = await send('POST', '/contract-roots', { use, certificate });
  expect(status).toBe(201);
  return body;
};
const forgetAll = async (): Promise<void> => {
  const { items } = await plugin.get<{ items: Root[] }>('/api/v1/contract-roots');
  for (const { id } of items) await send('DELETE', `/contract-roots/${id}`);
};
const judged = (
  ask: Partial<Questions['certificateStatus']['ask']>,
): Promise<Questions['certificateStatus']['answer'] | undefined> =>
  plugin.ask('certificateStatus', { station, certificates: [], ...ask });
const contractOf = async (ask: Partial<Questions['certificateStatus']['ask']>): Promise<ContractStatus | undefined> =>
  (await judged({ emaid, ...ask }))?.contract;
afterEach(() => {
  responder.speaks = 'issuer';
  responder.revoked.clear();
});

describe('roots', () => {
  afterEach(forgetAll);

  test('one is trusted, read, changed and trusted no more; a change on what another changed is refused', async () => {
    const made = await trust(operator.root);
    expect(made).toMatchObject({ use: 'mo', subject: 'CN=Operator Root', inForce: true, note: null });
    const path = `/contract-roots/${made.id}`;
    expect(await plugin.get(`/api/v1${path}`)).toEqual(made);
    const changed = await send('PUT', path, { use: 'v2g', note: 'since May' }, { 'if-match': `"${made.etag}"` });
    expect(changed).toMatchObject({ status: 200, body: { use: 'v2g', note: 'since May' } });
    for (const [method, body] of [
      ['PUT', { use: 'mo' }],
      ['DELETE', undefined],
    ] as const)
      expect(await send(method, path, body, { 'if-match': `"${made.etag}"` })).toMatchObject({
        status: 412,
        body: { code: 'changed-meanwhile' },
      });
    expect((await send('POST', '/contract-roots', { use: 'mo', certificate: operator.root })).status).toBe(409);
    expect((await send('DELETE', path, undefined, { 'if-match': `"${changed.body.etag}"` })).status).toBe(200);
    expect((await send('GET', path)).body.code).toBe('contract-root-unknown');
  });

  test.each<readonly [string, () => string, string]>([
    ['no certificate', () => 'PEM', 'holds no certificate'],
    ['broken', () => operator.root.replace(/[A-Z]{4}/, 'AAAA'), 'holds no certificate'],
    ['two', () => operator.root + operator.authority, 'holds 2 certificates'],
    ['a contract', () => operator.contract(emaid).chain.split(/(?=-----BEGIN)/)[0]!, 'may not issue others'],
    [
      'of yesterday',
      () => responder.operator('Past', { now: plugin.clock.now() - 731 * DAY_MS }).root,
      'in force from',
    ],
  ])('%s is refused, saying why', async (_, certificate, why) => {
    const { status, body } = await send('POST', '/contract-roots', { use: 'mo', certificate: certificate() });
    expect([status, body.code]).toEqual([400, 'contract-root-invalid']);
    expect(body.detail).toContain(why);
  });
});

const turned = (chain: string): string =>
  chain
    .split(/(?=-----BEGIN)/)
    .toReversed()
    .join('');

describe('a contract that is shown with its certificates', () => {
  beforeEach(async () => void (await trust(operator.root)));
  afterEach(forgetAll);
  const shown = (flaws: ContractFlaws = {}) => ({ chain: operator.contract(emaid, flaws).chain });

  test.each<readonly [string, ContractStatus, () => Parameters<typeof contractOf>[0]]>([
    ['good', 'accepted', shown],
    ['good, with its root', 'accepted', () => ({ chain: shown().chain + operator.root })],
    ['written with separators, without check digit', 'accepted', () => ({ ...shown(), emaid: 'de-abc-c12345678' })],
    ['of another', 'notAvailable', () => ({ ...shown(), emaid: 'DEABCC999999999' })],
    ['no certificate', 'notAvailable', () => ({ chain: 'PEM' })],
    ['under a root that nobody trusts', 'chainError', () => ({ chain: stranger.contract(emaid).chain })],
    ['without the authority between', 'chainError', () => ({ chain: shown().chain.split(/(?=-----BEGIN)/)[0]! })],
    ['in the wrong order', 'chainError', () => ({ chain: turned(shown().chain) })],
    [
      'with an authority that is not its own',
      'chainError',
      () => ({
        chain: stranger.contract(emaid).chain.split(/(?=-----BEGIN)/)[0]! + operator.authority,
      }),
    ],
    ['that may issue others', 'chainError', () => shown({ ca: true })],
    ['on one line', 'accepted', () => ({ chain: shown().chain.replaceAll('\n', '') })],
    ['signed by another key', 'signatureError', () => shown({ forged: true })],
    ['that has expired', 'expired', () => shown({ days: -1 })],
    ['that names nobody who would know of a revocation', 'chainError', () => shown({ mute: true })],
  ])('%s: %s', async (_, status, ask) => expect(await contractOf(ask())).toBe(status));

  test('a contract or its authority that is revoked', async () => {
    const { chain, serial } = operator.contract(emaid);
    responder.revoked.add(serial);
    expect(await contractOf({ chain })).toBe('revoked');
    const withheld = responder.operator('Withheld', { now: plugin.clock.now() });
    const root = await trust(withheld.root);
    const below = withheld.contract(emaid);
    responder.revoked.add(below.hashes[1]!.certificate.serialNumber);
    expect(await contractOf({ chain: below.chain, certificates: below.hashes })).toBe('revoked');
    await send('DELETE', `/contract-roots/${root.id}`);
  });

  // Who may say it; then what is said of a contract, and where nobody need be reached.
  test.each([
    ['delegate', 'accepted', 'accepted'],
    ['anyone', 'chainError', 'accepted'],
    ['stranger', 'chainError', 'accepted'],
    ['stale', 'chainError', 'accepted'],
    ['rubbish', 'chainError', 'accepted'],
    ['unknown', 'chainError', 'chainError'],
  ] as const)('what a responder says counts only from whom it may come: %s', async (speaks, status, unchecked) => {
    // Of an operator of its own: what was said of an authority before would be remembered.
    const own = responder.operator(`Operator ${speaks}`, { now: plugin.clock.now() });
    await trust(own.root);
    responder.speaks = speaks;
    const { chain } = own.contract(emaid);
    expect(await contractOf({ chain })).toBe(status);
    await plugin.settings({ acceptUnchecked: true });
    expect(await contractOf({ chain })).toBe(unchecked);
    await plugin.settings({});
  });

  test('a station that has no root makes up a hash of it: the certificate itself is asked about', async () => {
    const { chain, hashes } = operator.contract(emaid);
    const [leaf, sub] = hashes;
    const madeUp = { ...sub!, certificate: { ...sub!.certificate, issuerKeyHash: 'ab'.repeat(32) } };
    expect(await judged({ emaid, chain, certificates: [leaf!, madeUp] })).toMatchObject({
      contract: 'accepted',
      certificates: [{ status: 'good' }, { status: 'good' }],
    });
  });

  test('an authority that may not issue', async () => {
    const nobody = responder.operator('Nobody', { now: plugin.clock.now(), sub: 'nobody' });
    await trust(nobody.root);
    expect(await contractOf({ chain: nobody.contract(emaid).chain })).toBe('chainError');
  });

  test('an authority, and a root, that have run out', async () => {
    const past = responder.operator('Past', { now: plugin.clock.now(), subDays: -1 });
    await trust(past.root);
    expect(await contractOf({ chain: past.contract(emaid).chain })).toBe('expired');
    const { chain } = operator.contract(emaid, { days: 3_000 });
    plugin.clock.advance(800 * DAY_MS);
    expect(await contractOf({ chain })).toBe('expired');
    plugin.clock.advance(-800 * DAY_MS);
  });

  test('what a responder has said holds for an hour, and is asked for once', async () => {
    const { chain } = operator.contract(emaid);
    await contractOf({ chain });
    const before = responder.asked();
    expect(await contractOf({ chain })).toBe('accepted');
    expect(responder.asked()).toBe(before);
    plugin.clock.advance(3_600_001);
    expect(await contractOf({ chain })).toBe('accepted');
    expect(responder.asked()).toBe(before + 2);
  });
});

describe('a contract of which the station shows the hashes alone', () => {
  afterEach(forgetAll);
  const shown = (of: TestOperator): readonly AskedCertificate[] => of.contract(emaid).hashes;

  test('is good under a root of contracts, and by nobody else', async () => {
    expect(await contractOf({ certificates: shown(operator) })).toBe('chainError');
    const root = await trust(operator.root, 'oem');
    expect(await contractOf({ certificates: shown(operator) })).toBe('chainError');
    await send('PUT', `/contract-roots/${root.id}`, { use: 'v2g' });
    // Only the root is at hand; the authority comes with no answer, so that nobody can vouch for it.
    expect(await contractOf({ certificates: shown(operator) })).toBe('chainError');
    await trust(operator.authority);
    expect(await contractOf({ certificates: shown(operator) })).toBe('accepted');
    expect(await contractOf({ certificates: shown(stranger) })).toBe('chainError');
    const { hashes, serial } = operator.contract(emaid);
    responder.revoked.add(serial);
    expect(await judged({ emaid, certificates: hashes })).toMatchObject({
      contract: 'revoked',
      certificates: [{ status: 'revoked' }, { status: 'good' }],
    });
  });
});

test('without a root no contract is good, whatever is set', async () => {
  await plugin.settings({ acceptUnchecked: true });
  expect(await contractOf({ chain: operator.contract(emaid).chain })).toBe('chainError');
  expect(await contractOf({ certificates: operator.contract(emaid).hashes })).toBe('chainError');
  expect(await contractOf({})).toBe('notAvailable');
  await plugin.settings({});
});

describe('certificates of the station itself', () => {
  test('the answer of the responder goes on as it came; who is not to be reached is told as nothing', async () => {
    const { hashes } = responder.operator('Station', { now: plugin.clock.now() }).contract('CS-1');
    const answer = await judged({ certificates: hashes });
    expect(answer?.contract).toBeUndefined();
    // Whether it is good the car sees for itself: here nobody knows who issued it.
    expect(answer?.certificates).toMatchObject([{ ocsp: expect.any(String) }, { ocsp: expect.any(String) }]);
    expect(answer?.certificates[0]).not.toHaveProperty('status');
    const [one] = hashes;
    for (const urls of [['http://127.0.0.1:1/'], ['http://10.0.0.1/'], ['file:///etc/passwd'], []])
      expect((await judged({ certificates: [{ ...one!, urls }] }))?.certificates[0]).not.toHaveProperty('ocsp');
  });
});

describe('a contract certificate for a vehicle', () => {
  let server: Server;
  let url: string;
  let heard: { headers: unknown; body: unknown }[] = [];
  let reply: { status?: number; body: string } = { body: '' };
  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        heard.push({ headers: request.headers, body: JSON.parse(Buffer.concat(parts).toString()) });
        response.writeHead(reply.status ?? 200).end(reply.body);
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://localhost:${(server.address() as AddressInfo).port}/contracts`;
  });
  afterAll(() => server.close());
  afterEach(() => (heard = []));
  const asked = (more: object = {}) =>
    plugin.ask('contractCertificate', {
      ...{ station, schema: 'urn:iso:15118:2:2013:MsgDef', action: 'install', exi: 'gJgC' },
      ...more,
    });

  test('nobody answers where no service is set', async () => expect(await asked()).toBeUndefined());

  test('goes to the service as it came, and back as it was answered', async () => {
    await plugin.settings({ service: { url, authorization: 'Bearer SESAME' } });
    reply = { body: JSON.stringify({ exiResponse: 'gAE=', remainingContracts: 2 }) };
    expect(await asked({ action: 'update', mostChains: 3, emaids: [emaid] })).toEqual({ exi: 'gAE=', remaining: 2 });
    expect(heard).toMatchObject([
      {
        headers: { authorization: 'Bearer SESAME' },
        body: {
          ...{ iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', action: 'Update', exiRequest: 'gJgC' },
          ...{ maximumContractCertificateChains: 3, prioritizedEMAIDs: [emaid] },
        },
      },
    ]);
  });

  test.each([
    ['it is refused', { status: 404, body: '{}' }, 'the contract service answered 404'],
    ['it is no JSON', { body: '<html>' }, 'the contract service answered what is no contract certificate'],
    [
      'it is no base64',
      { body: '{"exiResponse":"<EXI>"}' },
      'the contract service answered what is no contract certificate',
    ],
    ['it is too long', { body: ' '.repeat(70_000) }, 'the contract service did not answer'],
  ])('where %s, the station hears why', async (_, answer, reason) => {
    await plugin.settings({ service: { url } });
    reply = answer;
    expect(await asked()).toEqual({ reason });
  });

  test('a service on a private address is not reached', async () => {
    await plugin.settings({ service: { url: url.replace('localhost', '127.0.0.1') } });
    expect(await asked()).toEqual({ reason: 'the contract service may not be reached' });
    expect(heard).toEqual([]);
  });
});

test('the certificates of these tests are what they are taken for', () => {
  const [leaf, sub] = operator
    .contract(emaid)
    .chain.split(/(?=-----BEGIN)/)
    .map((pem) => new X509Certificate(pem));
  const root = new X509Certificate(operator.root);
  expect([leaf!.verify(sub!.publicKey), sub!.verify(root.publicKey), leaf!.ca, sub!.ca]).toEqual([
    true,
    true,
    false,
    true,
  ]);
});
