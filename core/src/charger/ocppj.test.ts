import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCall, encodeError, encodeResult, parse, type Version } from './ocppj.ts';

const bounds = { depth: 32, nodes: 100_000 };
const versions: readonly Version[] = ['1.6', '2.0.1', '2.1'];
const frameOf = (text: string, version: Version = '1.6') => parse(text, version, bounds);

describe('frames', () => {
  test.each([
    ['[2,"1","Heartbeat",{}]', { kind: 'call', id: '1', action: 'Heartbeat', payload: {}, deviations: [] }],
    ['[3,"1",{"a":1}]', { kind: 'result', id: '1', payload: { a: 1 } }],
    [
      '[4,"1","NotSupported","no",{"a":1}]',
      { kind: 'error', id: '1', code: 'NotSupported', description: 'no', details: { a: 1 } },
    ],
    ['[4,"1"]', { kind: 'error', id: '1', code: 'GenericError', description: '', details: {} }],
    [
      '[3,"1"]',
      { kind: 'error', id: '1', code: 'ProtocolError', description: 'a CALLRESULT without payload', details: {} },
    ],
  ])('%s', (text, frame) => expect(frameOf(text)).toEqual(frame));

  test('BI-050 an id that is empty, too long or a number is echoed as it came', () => {
    expect(frameOf('[2,"","Heartbeat",{}]')).toMatchObject({ kind: 'call', id: '' });
    expect(frameOf(`[2,"${'x'.repeat(255)}","Heartbeat",{}]`)).toMatchObject({ kind: 'call', id: 'x'.repeat(255) });
    expect(frameOf('[2,17,"Heartbeat",{}]')).toMatchObject({ kind: 'call', id: 17 });
    expect(frameOf(String.raw`[2,"a\u0000\ud800","Heartbeat",{}]`)).toMatchObject({
      kind: 'call',
      id: 'a\u0000\ud800',
    });
  });

  test('BI-050 an id above 255 characters is no id', () => {
    expect(frameOf(`[2,"${'x'.repeat(256)}","Heartbeat",{}]`)).toEqual({ kind: 'unreadable', why: 'no message id' });
  });

  test.each(['', 'hello', '{}', '"x"', '5', 'null', '[]', '[2]', '[2,null,"Heartbeat",{}]', '[2,{},"Heartbeat",{}]'])(
    'BI-029 %s does not name itself',
    (text) => expect(frameOf(text).kind).toBe('unreadable'),
  );

  test.each(['[2,"x"]', '[2,"x","Heartbeat"]', '[2,"x","Heartbeat",{},1]', '[2,"x",7,{}]', '[2,"x",null,{}]'])(
    'BI-053 %s is refused by its id',
    (text) => expect(frameOf(text)).toMatchObject({ kind: 'refused', id: 'x', code: 'ProtocolError' }),
  );

  test('BI-033 a CALL that is too deep is refused by its id', () => {
    expect(frameOf(`[2,"x","DataTransfer",${'['.repeat(5000)}${']'.repeat(5000)}]`)).toEqual({
      kind: 'refused',
      id: 'x',
      code: 'FormatViolation',
      description: 'the payload is too deep',
    });
  });

  test('BI-051 message types that a version does not have are ignored', () => {
    for (const text of ['[7,"x",{}]', '["2","x","Heartbeat",{}]', '[0]', '[null]'])
      expect(frameOf(text, '2.1').kind).toBe('ignored');
    for (const version of ['1.6', '2.0.1'] as const) {
      expect(frameOf('[5,"x","FormatViolation","",{}]', version).kind).toBe('ignored');
      expect(frameOf('[6,"x","NotifyPeriodicEventStream",{}]', version).kind).toBe('ignored');
    }
  });

  test('2.1 has CALLRESULTERROR and SEND', () => {
    expect(frameOf('[5,"x","FormatViolation","",{}]', '2.1').kind).toBe('resultError');
    expect(frameOf('[6,"x","NotifyPeriodicEventStream",{}]', '2.1').kind).toBe('send');
  });

  test("BI-054 a payload of null or [] is the message's to judge", () => {
    expect(frameOf('[2,"x","Heartbeat",null]')).toMatchObject({ kind: 'call', payload: null });
    expect(frameOf('[2,"x","Heartbeat",[]]')).toMatchObject({ kind: 'call', payload: [] });
  });
});

test('BI-042 each version spells its errors in its own way', () => {
  const spelled = (code: string) =>
    versions.map((version) => (JSON.parse(encodeError(version, { id: 'x', code, description: '' })) as unknown[])[2]);
  for (const code of ['FormationViolation', 'FormatViolation'])
    expect(spelled(code)).toEqual(['FormationViolation', 'FormatViolation', 'FormatViolation']);
  for (const code of ['OccurenceConstraintViolation', 'OccurrenceConstraintViolation'])
    expect(spelled(code)).toEqual([
      'OccurenceConstraintViolation',
      'OccurrenceConstraintViolation',
      'OccurrenceConstraintViolation',
    ]);
  expect(spelled('RpcFrameworkError')).toEqual(['ProtocolError', 'RpcFrameworkError', 'RpcFrameworkError']);
  expect(spelled('NotSupported')).toEqual(['NotSupported', 'NotSupported', 'NotSupported']);
});

test('a description is cut to the 255 characters that it may have', () => {
  const text = encodeError('1.6', { id: 'x', code: 'GenericError', description: 'd'.repeat(1000) });
  expect((JSON.parse(text) as string[])[3]).toHaveLength(255);
});

const plain = fc
  .jsonValue({ maxDepth: 5, stringUnit: 'grapheme' })
  .map((it) => JSON.parse(JSON.stringify(it)) as unknown)
  .filter((it) => !/__proto__|\\u0000|\d{16}|[eE][+-]?\d{2}/.test(JSON.stringify(it)));
const id = fc.string({ minLength: 1, maxLength: 36, unit: 'grapheme-ascii' }).filter((it) => !it.includes('__proto__'));
const action = fc.string({ unit: 'grapheme-ascii', maxLength: 30 }).filter((it) => !it.includes('__proto__'));

test('PB-04 parse(encode(x)) is x', () => {
  fc.assert(
    fc.property(fc.constantFrom(...versions), id, action, plain, (version, id, action, payload) => {
      expect(parse(encodeCall(id, action, payload), version, bounds)).toEqual({
        kind: 'call',
        id,
        action,
        payload,
        deviations: [],
      });
      expect(parse(encodeResult(id, payload), version, bounds)).toEqual({ kind: 'result', id, payload });
      expect(parse(encodeError(version, { id, code: 'GenericError', description: action }), version, bounds)).toEqual({
        kind: 'error',
        id,
        code: 'GenericError',
        description: action,
        details: {},
      });
    }),
  );
});

test('PB-05 arbitrary JSON and PB-06 arbitrary bytes never throw', () => {
  const bytes = fc.uint8Array({ maxLength: 4096 }).map((it) => Buffer.from(it).toString('utf8'));
  const frame = fc
    .tuple(fc.oneof(fc.integer({ min: 0, max: 8 }), fc.jsonValue()), fc.jsonValue(), fc.jsonValue(), fc.jsonValue())
    .map((it) => JSON.stringify(it));
  fc.assert(
    fc.property(fc.oneof(bytes, frame, fc.json()), fc.constantFrom(...versions), (text, version) => {
      expect(typeof parse(text, version, bounds).kind).toBe('string');
    }),
    { numRuns: 2000 },
  );
});
