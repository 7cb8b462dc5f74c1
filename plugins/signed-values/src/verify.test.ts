import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { algorithmOf, curves } from './curves.ts';
import { openEnvelope } from './envelope.ts';
import { readOcmf } from './ocmf.ts';
import { readPublicKey } from './public-key.ts';
import { checkRecord } from './verify.ts';

const full = process.env['PLUGGA_TEST'] === 'full';

const PAYLOAD = JSON.stringify({
  FV: '1.0',
  GI: 'Plain meter',
  PG: 'T7',
  MS: '1PLN0000000007',
  TT: 'Åre 2,50 kr/kWh',
  RD: [
    { TM: '2026-01-15T13:00:00,000+0100 S', TX: 'B', RV: 10, RI: '1-b:1.8.0', RU: 'kWh', EF: '', ST: 'G' },
    { TM: '2026-01-15T14:00:00,000+0100 S', TX: 'E', RV: 20.5 },
  ],
});

interface Signer {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}
const signerOn = (namedCurve: string): Signer => generateKeyPairSync('ec', { namedCurve });
const keyOf = ({ publicKey }: Signer) => {
  const read = readPublicKey(publicKey.export({ format: 'pem', type: 'spki' }).toString());
  if (!read.ok) throw new Error(read.reason);
  return read.key;
};

/** A record as a meter with that key makes it. */
const recordBy = (
  { privateKey }: Signer,
  o: { algorithm: string; payload?: string; raw?: boolean; encoding?: 'hex' | 'base64'; names?: object },
): string => {
  const { payload = PAYLOAD, raw = false, encoding = 'hex' } = o;
  const { hash } = algorithmOf(o.algorithm)!;
  const signature = sign(hash, Buffer.from(payload), { key: privateKey, dsaEncoding: raw ? 'ieee-p1363' : 'der' });
  const names = encoding === 'hex' ? {} : { SE: 'base64' };
  return `OCMF|${payload}|${JSON.stringify({ SA: o.algorithm, ...names, SD: signature.toString(encoding) })}`;
};
const check = (text: string, ...registered: readonly Signer[]) => {
  const read = readOcmf(openEnvelope(text).text);
  return read.ok ? checkRecord(read.record, registered.map(keyOf)) : { result: 'unreadable', reasons: [] };
};
const codesOf = (checked: { readonly reasons: readonly { readonly code: string }[] }) =>
  checked.reasons.map(({ code }) => code);

const standard = [
  ['secp192k1', 'ECDSA-secp192k1-SHA256'],
  ['secp256k1', 'ECDSA-secp256k1-SHA256'],
  ['prime192v1', 'ECDSA-secp192r1-SHA256'],
  ['prime256v1', 'ECDSA-secp256r1-SHA256'],
  ['brainpoolP256r1', 'ECDSA-brainpool256r1-SHA256'],
  ['secp384r1', 'ECDSA-secp384r1-SHA256'],
  ['brainpoolP384r1', 'ECDSA-brainpool384r1-SHA256'],
] as const;
const beyond = [
  ['secp521r1', 'ECDSA-secp521r1-SHA512'],
  ['brainpoolP512r1', 'ECDSA-brainpoolP512r1-SHA512'],
  ['secp384r1', 'ECDSA-secp384r1-SHA384'],
] as const;

/** Another byte at that place, never the same letter in another case. */
const changed = (text: string, at: number): string => {
  const byte = text[at] === '1' ? '2' : '1';
  return text.slice(0, at) + byte + text.slice(at + 1);
};

describe.each([...standard, ...beyond])('%s, %s', (curve, algorithm) => {
  const meter = signerOn(curve);
  const record = recordBy(meter, { algorithm });
  const payloadEnd = record.lastIndexOf('|');

  test('its own key verifies it: DER and raw, hexadecimal and base64', () => {
    for (const raw of [false, true])
      for (const encoding of ['hex', 'base64'] as const)
        expect(check(recordBy(meter, { algorithm, raw, encoding }), meter).result).toBe('verified');
  });

  test('another register value is found out', () => {
    const tampered = check(record.replace('"RV":10,', '"RV":11,'), meter);
    expect([tampered.result, codesOf(tampered)]).toEqual(['failed', ['tampered']]);
  });

  test('a changed signature is found out, in any of its bytes', () => {
    const from = record.indexOf('"SD":"') + 6;
    for (let at = from; at < record.length - 2; at += full ? 1 : 41)
      expect(check(changed(record, at), meter).result).not.toBe('verified');
  });

  test('a truncated record verifies nowhere', () => {
    for (let length = 0; length < record.length; length += full ? 1 : 47)
      expect(check(record.slice(0, length), meter).result).not.toBe('verified');
    expect(check(record.slice(0, payloadEnd), meter).result).toBe('unreadable');
    expect(check(`${record.slice(0, -22)}"}`, meter).result).not.toBe('verified');
  });

  test('the key of another meter does not verify it; beside its own it does no harm', () => {
    const other = signerOn(curve);
    expect(check(record, other).result).toBe('failed');
    expect(check(record, other, meter).result).toBe('verified');
  });

  test('a key on another curve is the wrong key', () => {
    const other = signerOn(curve === 'secp256k1' ? 'prime256v1' : 'secp256k1');
    expect(codesOf(check(record, other))).toEqual(['wrong-key']);
  });

  test('a record that names another curve or hash than it was signed with does not verify', () => {
    const curveNamed = algorithm.includes('secp256k1') ? 'ECDSA-secp256r1-SHA256' : 'ECDSA-secp256k1-SHA256';
    expect(check(record.replace(algorithm, curveNamed), meter).result).toBe('failed');
    const hashed = algorithm.endsWith('SHA256')
      ? algorithm.replace('SHA256', 'SHA512')
      : algorithm.replace(/SHA\d+/, 'SHA256');
    expect(check(record.replace(algorithm, hashed), meter).result).toBe('failed');
  });

  test('without a registered key nothing is said', () => {
    expect(check(record)).toMatchObject({ result: 'unverified', reasons: [{ code: 'no-key' }] });
  });

  test('its key is read as PEM, DER, OCA text, with blanks, as a point with, without and half of its coat', () => {
    const { fingerprint, spki } = keyOf(meter);
    const { size } = curves.find(({ name }) => name === curve)!;
    const point = Buffer.from(spki, 'hex').subarray(-2 * size);
    const odd = point.at(-1)! % 2;
    const hex = point.toString('hex');
    const oca = `oca:base16:asn1:${spki.toUpperCase()}`;
    const forms = [
      meter.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
      spki,
      spki.toUpperCase().replaceAll(/(.{4})/g, '$1 '),
      `0x${spki}`,
      Buffer.from(spki, 'hex').toString('base64'),
      Buffer.from(spki, 'hex').toString('base64').replaceAll('=', ''),
      oca,
      Buffer.from(oca).toString('base64'),
      Buffer.from(spki).toString('base64'),
      `oca:base64:asn1:${Buffer.from(spki, 'hex').toString('base64')}`,
      `04${hex}`,
      hex,
      point.toString('base64'),
    ];
    for (const form of forms)
      expect([form, readPublicKey(form)]).toMatchObject([form, { ok: true, key: { fingerprint } }]);
    const half = `0${2 + odd}${hex.slice(0, hex.length / 2)}`;
    expect(readPublicKey(half, curve)).toMatchObject({ ok: true, key: { fingerprint } });
  });
});

test('a key that came with the record proves nothing: it only says whose signature it is', () => {
  const meter = signerOn('prime256v1');
  const read = readOcmf(recordBy(meter, { algorithm: 'ECDSA-secp256r1-SHA256' }));
  if (!read.ok) throw new Error(read.reason);
  const told = [keyOf(meter)];
  expect(checkRecord(read.record, [], told)).toMatchObject({
    result: 'unverified',
    reasons: [{ code: 'no-key', detail: expect.stringContaining('which only the station tells') }],
  });
  expect(checkRecord(read.record, [keyOf(signerOn('prime256v1'))], told)).toMatchObject({
    result: 'failed',
    reasons: [{ code: 'wrong-key' }],
  });
});

test('a signature holds two numbers and nothing else; a zero before a high bit may be missing', () => {
  const meter = signerOn('prime256v1');
  const record = recordBy(meter, { algorithm: 'ECDSA-secp256r1-SHA256', raw: true });
  const [, numbers = ''] = /"SD":"([0-9a-f]{128})"/.exec(record) ?? [];
  const unsigned = `0220${numbers.slice(0, 64)}0220${numbers.slice(64)}`;
  expect(check(record.replace(numbers, `3044${unsigned}`), meter).result).toBe('verified');
  for (const other of [`3046${unsigned}0500`, `3044${unsigned}00`, `3045${unsigned}`, `3022${unsigned.slice(0, 68)}`])
    expect(check(record.replace(numbers, other), meter).result).toBe('failed');
});

test('the algorithm is secp256r1 with SHA-256 where the record names none; one that is not known is never checked', () => {
  const meter = signerOn('prime256v1');
  const record = recordBy(meter, { algorithm: 'ECDSA-secp256r1-SHA256' });
  expect(check(record.replace(/"SA":"[^"]*",/, ''), meter).result).toBe('verified');
  expect(codesOf(check(record.replace('ECDSA-secp256r1-SHA256', 'RSA-2048-SHA256'), meter))).toEqual([
    'unknown-algorithm',
  ]);
});

test('what is no key on one of the curves is refused with a sentence', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'pem', type: 'spki' });
  const offCurve = `04${'11'.repeat(64)}`;
  for (const text of ['', 'no key', String(rsa), offCurve, 'A'.repeat(5_000)])
    expect(readPublicKey(text)).toMatchObject({ ok: false, reason: expect.stringMatching(/key/) });
  expect(readPublicKey('00', 'ed25519')).toEqual({ ok: false, reason: 'the curve "ed25519" is not known' });
});

describe('records in other coats', () => {
  const meter = signerOn('prime256v1');
  const record = recordBy(meter, { algorithm: 'ECDSA-secp256r1-SHA256' });
  const coat = (members: object) => JSON.stringify({ encodingMethod: 'OCMF', signingMethod: '', ...members });
  test.each([
    ['plain', record],
    ['with blanks around it', `\n   ${record}\n`],
    ['in hexadecimal', Buffer.from(record).toString('hex').toUpperCase()],
    ['in base64', Buffer.from(record).toString('base64')],
    ['as OCPP 2.x has it', coat({ signedMeterData: Buffer.from(record).toString('base64'), publicKey: '' })],
    ['under an older name', coat({ signedMeterValue: Buffer.from(record).toString('base64') })],
  ])('%s', (_, value) => {
    expect(openEnvelope(value).format).toBe('OCMF');
    expect(check(value, meter).result).toBe('verified');
  });

  test('the key in the coat is handed on apart', () => {
    const value = coat({ signedMeterData: Buffer.from(record).toString('base64'), publicKey: 'key' });
    expect(openEnvelope(value)).toMatchObject({ publicKey: 'key', said: 'OCMF' });
  });

  test('a coat that says OCMF about something else does not make it OCMF', () => {
    expect(openEnvelope(coat({ signedMeterData: 'AAAA' })).format).toBe('unknown');
  });
});

describe('properties', () => {
  const meter = signerOn('secp256k1');
  const record = recordBy(meter, { algorithm: 'ECDSA-secp256k1-SHA256' });
  const bytes = Buffer.from(record);
  const end = bytes.lastIndexOf('|');

  test('any one byte of the payload that changes fails it', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: end - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const other = Buffer.from(bytes);
        other[at] = (other[at]! + by) % 256;
        expect(check(other.toString('utf8'), meter).result).not.toBe('verified');
      }),
      { numRuns: full ? 10_000 : 100 },
    );
  });

  test('no text whatever makes the readers throw', { timeout: 120_000 }, () => {
    const pieces = fc.array(
      fc.constantFrom('OCMF', '|', '{', '}', '"RD":[', ']', '{"SD":"', 'ff', '"', ',', '[', '1e999', '\\u0000', ':'),
    );
    const any = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      pieces.map((it) => it.join('')),
      pieces.map((it) => `OCMF|{"RD":[${it.join('')}]}|{"SD":"00"}`),
      fc.json().map((it) => `OCMF|${it}|{"SD":"00"}`),
      fc.json().map((it) => `OCMF|{"RD":${it},"MS":${it},"PG":${it}}|{"SD":"00","SA":"ECDSA-secp256r1-SHA256"}`),
      fc.json().map((it) => `OCMF|{}|${it}`),
      fc.string().map((it) => JSON.stringify({ signedMeterData: it, publicKey: it })),
      fc.uint8Array().map((it) => Buffer.from(it).toString('base64')),
    );
    fc.assert(
      fc.property(any, (text) => {
        const read = readOcmf(openEnvelope(text).text);
        if (read.ok) expect(checkRecord(read.record, [keyOf(meter)]).result).not.toBe('verified');
        else expect(read.reason).not.toBe('');
        readPublicKey(text);
      }),
      { numRuns: full ? 20_000 : 60 },
    );
  });

  test('nesting deeper than the stack is unreadable, not the end', () => {
    const deep = '['.repeat(500_000);
    expect(readOcmf(`OCMF|{"RD":${deep}}|{"SD":"00"}`)).toMatchObject({ ok: false });
    const closed = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(readOcmf(`OCMF|{"RD":${closed}}|{"SD":"00"}`)).toMatchObject({ ok: expect.any(Boolean) });
  });
});

test('what a record leaves out is as in the reading before it, digits stay as they were written', () => {
  const read = readOcmf(
    'OCMF|{"PG":"T9","GS":"G1","VX":1,"RD":[{"TM":"2018-07-24T13:22:04,000+0200 S","TX":"B","RV":2935.60,"RI":"1-b:1.8.0","RU":"kWh","ST":"G"},{"TX":"E","RV":"   3000.0","ZZ":true}]}|{"SD":"00"}',
  );
  expect(read).toMatchObject({
    ok: true,
    record: {
      meter: 'G1',
      pagination: { context: 'T', number: 9 },
      fields: { VX: '1' },
      readings: [
        { value: '2935.60', phase: 'B', time: { at: Date.UTC(2018, 6, 24, 11, 22, 4), status: 'S' } },
        { value: '3000.0', phase: 'E', register: '1-b:1.8.0', unit: 'kWh', status: 'G', fields: { ZZ: true } },
      ],
    },
  });
});
