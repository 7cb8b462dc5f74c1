import { deflateRawSync } from 'node:zlib';
import { POSITIVE, type Step } from './case.ts';
import {
  ENERGY,
  OVER,
  type Bad,
  call,
  heartbeat,
  boot,
  status,
  start,
  started,
  stopped,
  ACCEPTED,
} from './frames-16.ts';
import { frame } from './wire.ts';

/** Frames of 1.6 that are too much, or whose members are not what they must be. */
export const framing: readonly Bad[] = (
  [
    { id: 'BI-030', title: 'a binary frame', steps: [{ send: heartbeat(), binary: true, gives: { close: 1003 } }] },
    {
      id: 'BI-031',
      title: 'above 1 MiB, then with the limit raised',
      steps: [
        { send: call('long', 'DataTransfer', { vendorId: 'x', data: 'x'.repeat(1_200_000) }), gives: { close: 1009 } },
        { dial: {}, gives: 'open' },
        { send: call('long', 'DataTransfer', { vendorId: 'x', data: 'x'.repeat(1_200_000) }), gives: 'result' },
      ],
    },
    {
      id: 'BI-031',
      title: 'a StopTransaction of 0.9 MB is taken at once',
      steps: [
        started({ timestamp: '«-43200»' }),
        stopped({
          transactionData: Array.from({ length: 7_500 }, (_, n) => ({
            timestamp: `«-${43_100 - n * 5}»`,
            sampledValue: [
              { value: String(1000 + Math.floor(n / 4)), unit: 'Wh', measurand: 'Energy.Active.Import.Register' },
            ],
          })),
        }),
      ],
      sessions: [{ ...ENERGY, status: OVER }],
    },
    {
      id: 'BI-032',
      title: 'a compressed frame on 1.6, which has no compression',
      steps: [
        { dial: { wire: true }, gives: 'open' },
        {
          wire: [frame(deflateRawSync(Buffer.from('[2,"1","Heartbeat",{}]')), { first: 0xc1 })],
          gives: { close: 1002 },
        },
      ],
    },
    {
      id: 'BI-033',
      title: 'a depth of 5,000',
      steps: [
        {
          send: `[2,"deep","DataTransfer",{"vendorId":"x","data":${'['.repeat(5000)}${']'.repeat(5000)}}]`,
          gives: { error: 'FormationViolation' },
        },
      ],
    },
    {
      id: 'BI-034',
      title: 'a number that is not finite, where it matters',
      steps: [
        {
          send: '[2,"1","StatusNotification",{"connectorId":1e400,"errorCode":"NoError","status":"Available"}]',
          gives: { error: 'TypeConstraintViolation' },
        },
      ],
    },
    ...['1e400', '-1e400', '1E9999', '1e999999'].map((digits) => ({
      id: 'BI-034',
      title: `meterStart ${digits}: the start is kept`,
      steps: [
        {
          send: `[2,"1","StartTransaction",{"connectorId":1,"idTag":"«tag»","meterStart":${digits},"timestamp":"«-600»"}]`,
          gives: { result: { transactionId: POSITIVE } },
        },
      ] satisfies Step[],
      sessions: [{ status: 'active' }],
    })),
    {
      id: 'BI-035',
      title: 'a transactionId of 64 bits',
      steps: [
        {
          send: '[2,"1","StopTransaction",{"transactionId":9223372036854775807,"meterStop":5,"timestamp":"«-60»"}]',
          gives: 'result',
        },
      ],
      sessions: [],
    },
    {
      id: 'BI-036',
      title: 'a key twice: the last wins',
      steps: [
        {
          send: '[2,"1","StartTransaction",{"connectorId":1,"idTag":"«tag»","meterStart":5,"timestamp":"«-600»","meterStart":7}]',
          gives: { result: { transactionId: POSITIVE } },
        },
      ],
      sessions: [{ meterStartWh: 7 }],
    },
    ...['__proto__', 'constructor', 'prototype', 'toString'].map((key) => ({
      id: 'BI-037',
      title: `the key ${key}`,
      steps: [
        {
          send: `[2,"1","BootNotification",{"chargePointVendor":"V","chargePointModel":"M","${key}":{"polluted":true}}]`,
          gives: ACCEPTED,
        },
      ] satisfies Step[],
      station: { vendor: 'V', model: 'M' },
    })),
    {
      id: 'BI-040',
      title: 'members that do not belong there',
      steps: [{ send: boot({ colour: 'red', nested: { a: [1] } }), gives: ACCEPTED }],
    },
    {
      id: 'BI-041',
      title: 'a number as text, in a start: kept',
      steps: [
        { send: start({ meterStart: '1000', connectorId: '1' }), gives: { result: { transactionId: POSITIVE } } },
      ],
      sessions: [{ status: 'active' }],
    },
    {
      id: 'BI-041',
      title: 'a decimal meterStart "0.0": kept',
      steps: [{ send: start({ meterStart: '0.0' }), gives: { result: { transactionId: POSITIVE } } }],
      sessions: [{ status: 'active' }],
    },
    {
      id: 'BI-041',
      title: 'text as a number, elsewhere',
      steps: [{ send: status({ connectorId: 'one' }), gives: { error: 'TypeConstraintViolation' } }],
    },
    {
      id: 'BI-042',
      title: 'a payload that is no object',
      steps: [{ send: call('1', 'BootNotification', 'boot'), gives: { error: 'FormationViolation' } }],
    },
    {
      id: 'BI-048',
      title: 'the same frame again',
      steps: [started(), { send: start(), gives: { result: { transactionId: '«tx»' } } }],
      sessions: [{ status: 'active' }],
    },
    {
      id: 'BI-049',
      title: 'the same id with another payload',
      steps: [
        {
          send: call('same', 'Authorize', { idTag: '«tag»' }),
          gives: { result: { idTagInfo: { status: 'Accepted' } } },
        },
        {
          send: call('same', 'Authorize', { idTag: 'UNKNOWN' }),
          gives: { result: { idTagInfo: { status: 'Invalid' } } },
        },
      ],
    },
    { id: 'BI-050', title: 'an id that is a number', steps: [{ send: heartbeat(17), gives: { frame: [3, 17] } }] },
    {
      id: 'BI-052',
      title: 'a CALL before any boot is handled',
      steps: [{ send: status(), gives: 'result' }, started()],
      sessions: [{ status: 'active' }],
    },
  ] satisfies Omit<Bad, 'layer'>[]
).map((it) => ({ ...it, layer: 'framing' }));
