import { beyond } from './beyond-2x.ts';
import { type Case, type Step } from './case.ts';
import { type Version, type Bad, call, BEGINNING, STREAM } from './frames-2x.ts';

import { framing } from './framing-2x.ts';
import { stations } from './stations-2x.ts';
import { transactions } from './transactions-2x.ts';

/** Bad inputs of 2.0.1 and 2.1: each is played in both, but for what one of them alone has. */

const ASKED = {
  ...{ source: 'OCSP', urls: ['http://ocsp.example'] },
  certificateHashData: { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: '1' },
};

/** What one version has and the other has not. */
const own: readonly Case[] = [
  {
    id: 'BI-051',
    title: 'a SEND, which 2.0.1 has not: ignored',
    layer: 'framing',
    version: '2.0.1',
    steps: [
      { send: [6, 'x', 'NotifyPeriodicEventStream', STREAM], gives: 'nothing' },
      { send: [6, 'y', 'Heartbeat', {}], gives: 'nothing' },
      { send: '[6]', gives: 'nothing' },
      { send: [6, 'z', 'TransactionEvent', BEGINNING], gives: 'nothing' },
    ],
    sessions: [],
  },
  {
    id: 'BI-051',
    title: 'a SEND is never answered, however it is',
    layer: 'framing',
    version: '2.1',
    steps: [
      { send: [6, 'a', 'NotifyPeriodicEventStream', STREAM], gives: 'nothing' },
      { send: [6, 'b', 'NotifyPeriodicEventStream', { id: 'one' }], gives: 'nothing' },
      { send: [6, 'c', 'NotifyPeriodicEventStream', null], gives: 'nothing' },
      { send: [6, 'd', 'NotifyPeriodicEventStream'], gives: 'nothing' },
      { send: [6, 'e', 'Hartbeat', {}], gives: 'nothing' },
      { send: [6, 'f', 'Heartbeat', {}], gives: 'nothing' },
      { send: [6, 'g', 7, {}], gives: 'nothing' },
    ],
  },
  {
    id: 'BI-051',
    title: 'a flood of SENDs',
    layer: 'framing',
    version: '2.1',
    steps: [
      ...Array.from({ length: 50 }, (_, n): Step => ({
        send: [6, `${n}`, 'NotifyPeriodicEventStream', STREAM],
        gives: 'nothing',
      })),
    ],
  },
  {
    id: 'BI-086',
    title: 'a chain of certificates that is none, or longer than any',
    layer: 'station',
    version: '2.1',
    steps: [
      ...[[], Array.from({ length: 50 }, () => ASKED), [{}], [{ ...ASKED, source: 'MAGIC' }]].map((asked, n): Step => ({
        send: call(`${n}`, 'GetCertificateChainStatus', { certificateStatusRequests: asked }),
        gives: { error: /ConstraintViolation$/ },
      })),
      {
        send: call('one', 'GetCertificateChainStatus', { certificateStatusRequests: [ASKED] }),
        gives: { result: { certificateStatus: [{ status: 'Failed' }] } },
      },
    ],
  },
  {
    id: 'BI-078',
    title: 'a VAT number at an EVSE that is none',
    layer: 'station',
    version: '2.1',
    steps: [
      {
        send: call('vat', 'VatNumberValidation', { vatNumber: '', evseId: -1 }),
        gives: { result: { status: 'Rejected' } },
      },
    ],
  },
  {
    id: 'BI-089',
    title: 'rules of the grid code that are longer than any, in parts that never end',
    layer: 'station',
    version: '2.1',
    steps: [
      {
        send: call('der', 'ReportDERControl', {
          ...{ requestId: 1, tbc: true },
          curve: Array.from({ length: 24 }, (_, n) => ({
            ...{ id: `C${n}`, curveType: 'VoltWatt', isDefault: true, isSuperseded: false },
            curve: { note: 'n'.repeat(5_000) },
          })),
        }),
        ...{ times: 5, gives: 'result' },
      },
      {
        send: call('alarm', 'NotifyDERAlarm', { controlType: 'c'.repeat(50_000), timestamp: '«-1»' }),
        gives: 'result',
      },
    ],
  },
  {
    id: 'BI-043',
    title: 'an action that only 2.1 has',
    layer: 'framing',
    version: '2.0.1',
    steps: [{ send: call('1', 'NotifySettlement'), gives: { error: 'NotImplemented' } }],
  },
  {
    id: 'BI-043',
    title: 'an action of 2.1 without what must be there',
    layer: 'framing',
    version: '2.1',
    steps: [
      { send: call('1', 'OpenPeriodicEventStream'), gives: { error: 'OccurrenceConstraintViolation' } },
      { send: call('2', 'ClosePeriodicEventStream', { id: 'one' }), gives: { error: 'TypeConstraintViolation' } },
    ],
  },
];

/** What takes a minute is the same code in both. */
const isPlayed = (it: Bad, version: Version): boolean => it.slow !== true || version === '2.0.1';
const versions: readonly Version[] = ['2.0.1', '2.1'];

export const cases2x: readonly Case[] = [
  ...versions.flatMap((version) =>
    [...framing, ...transactions, ...stations, ...beyond]
      .filter((it) => isPlayed(it, version))
      .map((it) => ({ ...it, title: `${it.title}, ${version}`, version })),
  ),
  ...own,
];
