import { makeQuirk, readRecording, replayRecording } from '@plugga/core/recording';
import { defineQuirk, type Quirk } from '@plugga/kit';
import { ocpp16 } from '@plugga/ocpp16';
import { quirks } from '@plugga/quirks';
import { testDialect } from '@plugga/testing';
import { describe, expect, test } from 'vitest';

type Line = readonly [at: string, direction: 'in' | 'out', frame: unknown];
const text = (lines: readonly Line[]): string =>
  lines
    .map(([at, direction, frame]) =>
      JSON.stringify({
        at: `2026-01-05T${at}Z`,
        direction,
        text: typeof frame === 'string' ? frame : JSON.stringify(frame),
      }),
    )
    .join('\n');
const replay = (lines: readonly Line[], with_: readonly Quirk[] = quirks) =>
  replayRecording(
    readRecording(text(lines), (action) => Object.hasOwn(ocpp16.inbound, action)),
    { adapter: ocpp16, quirks: with_, timeZone: 'UTC' },
  );

const boot = (vendor: string, model: string, firmwareVersion = '1.0.31') => [
  2,
  'boot',
  'BootNotification',
  { chargePointVendor: vendor, chargePointModel: model, firmwareVersion },
];
const start = (id: string, meterStart: number, at: string, connectorId = 1) => [
  2,
  id,
  'StartTransaction',
  { connectorId, idTag: `TOKEN-${connectorId}`, meterStart, timestamp: `2026-01-05T${at}Z` },
];
const stop = (id: string, transactionId: number, meterStop: number, at: string) => [
  2,
  id,
  'StopTransaction',
  { transactionId, meterStop, timestamp: `2026-01-05T${at}Z` },
];
const readings = (id: string, transactionId: number, value: string, at: string) =>
  `[2,"${id}","MeterValues",{"connectorId":1,"transactionId":${transactionId},"meterValue":[{"timestamp":"2026-01-05T${at}Z","sampledValue":[,{"value":"${value}"}]}]}]`;

/** One charge of a ZJ Beny at another platform, which called its transaction 4711. */
const charge: readonly Line[] = [
  ['12:00:00', 'in', boot('ZJBENY', 'BCP-A2N-L')],
  ['12:00:01', 'in', start('s', 100, '12:00:01')],
  ['12:00:02', 'out', [3, 's', { transactionId: 4711, idTagInfo: { status: 'Accepted' } }]],
  ['12:10:00', 'in', readings('m', 4711, '1600', '12:10:00')],
  ['12:20:00', 'in', stop('t', 4711, 2100, '12:20:00')],
];

describe('a recording of another platform', () => {
  test('is replayed to its session, under the transaction id that it had there', () => {
    const { frames, sessions, make, quirks: own } = replay(charge);
    expect(make).toEqual({ vendor: 'ZJBENY', model: 'BCP-A2N-L', firmware: '1.0.31' });
    expect(own).toEqual(['beny-leading-comma']);
    expect(sessions).toMatchObject([{ status: 'closed', transactionId: '4711', energyWh: 2000 }]);
    // After each frame: what it meant, which quirk fired, what the session was.
    expect(frames[3]).toMatchObject({
      action: 'MeterValues',
      quirks: [{ id: 'beny-leading-comma', hook: 'text' }],
      facts: [{ kind: 'metered', transaction: { id: '4711' } }],
      sessions: [{ status: 'active', energyWh: 1500, transactionId: '4711' }],
    });
    expect(frames[4]?.sessions).toMatchObject([{ energyWh: 2000 }]);
  });

  test('without the quirk says what cannot be read', () => {
    const { frames } = replay(charge, []);
    expect(frames[3]).toMatchObject({ kind: 'unreadable', refused: 'not JSON', facts: [], quirks: [] });
  });

  test('that kept only what the station said still knows which start an id is of', () => {
    const heard = [
      ...charge.filter(([, direction]) => direction === 'in'),
      ['13:00:00', 'in', start('s2', 2100, '13:00:00')],
      ['13:10:00', 'in', stop('t2', 4712, 2600, '13:10:00')],
    ] as const satisfies readonly Line[];
    expect(replay(heard).sessions).toMatchObject([
      { transactionId: '4711', energyWh: 2000, flags: [] },
      { transactionId: '4712', energyWh: 500, flags: [] },
    ]);
  });

  test('judges tokens as they were judged then', () => {
    const refused = charge.map((line): Line =>
      line[1] === 'out' ? [line[0], 'out', [3, 's', { transactionId: 4711, idTagInfo: { status: 'Blocked' } }]] : line,
    );
    expect(replay(refused).sessions[0]?.flags).toContain('refused');
  });

  test('shows what was sent and would not be, or otherwise, and what its answer teaches', () => {
    const profile = {
      ...{ chargingProfileId: 1, stackLevel: 3, chargingProfilePurpose: 'TxDefaultProfile' },
      ...{ chargingProfileKind: 'Relative', chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [] } },
    };
    const { frames } = replay([
      ['12:00:00', 'in', boot('ABB', 'CDT_TACW11', 'V1.8.32')],
      ['12:00:01', 'out', [2, 'c', 'SetChargingProfile', { connectorId: 1, csChargingProfiles: profile }]],
      ['12:00:02', 'in', [4, 'c', 'NotSupported', '', {}]],
    ]);
    expect(frames[1]).toMatchObject({
      quirks: [{ id: 'abb-terra-ac-stack-level', hook: 'outbound' }],
      instead: { csChargingProfiles: { stackLevel: 0 } },
    });
    expect(frames[2]?.learnt).toBe('SetChargingProfile is unsupported: NotSupported');
    const denied = replay([
      ['12:00:00', 'in', boot('EN+', 'AC7000')],
      ['12:00:01', 'out', [2, 'c', 'ChangeAvailability', { connectorId: 0, type: 'Operative' }]],
    ]);
    expect(denied.frames[1]).toMatchObject({
      refused: 'would not be sent',
      quirks: [{ id: 'enplus-change-availability', hook: 'deny' }],
    });
  });

  test('in which the station stays silent ends the session by the same rules, in the recording’s own time', () => {
    const { sessions } = replay([
      ['12:00:00', 'in', boot('Acme', 'One')],
      ['12:00:01', 'in', start('s', 100, '12:00:01')],
      ['12:10:00', 'in', [2, 'b', 'BootNotification', { chargePointVendor: 'Acme', chargePointModel: 'One' }]],
      ['12:40:00', 'in', [2, 'h', 'Heartbeat', {}]],
    ]);
    expect(sessions[0]?.flags).toContain('estimatedEnd');
  });
});

describe('a quirk made of a recording', () => {
  const broken: readonly Line[] = [
    ['12:00:00', 'in', boot('Odd+Co', 'Box 1', '2.0')],
    ['12:00:01', 'in', [2, 'n', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Idle' }]],
    ['12:00:02', 'in', [2, 'n2', 'StatusNotification', { connectorId: 2, errorCode: 'NoError', status: 'Idle' }]],
    ['12:00:03', 'in', '[2,"h","Heartbeat",{},]'],
  ];

  test('has the odd frames once each as its fixture, and hooks where they are needed', () => {
    const files = makeQuirk(replay(broken), 'odd-co');
    expect(Object.keys(files)).toEqual(['src/odd-co.ts', 'fixtures/odd-co-as-recorded.jsonl']);
    const source = files['src/odd-co.ts']!;
    expect(source).toContain('export const oddCo = defineQuirk({');
    expect(source).toContain(String.raw`match: { vendor: /^Odd\+Co$/i, model: /^Box 1/i }`);
    expect(source).toContain('StatusNotification: (payload) => payload');
    expect(source).toContain('text: (raw) => raw');
    const fixtures = files['fixtures/odd-co-as-recorded.jsonl']!.trimEnd().split('\n');
    expect(fixtures.map((line) => JSON.parse(line))).toMatchObject([
      { quirk: 'odd-co-as-recorded', make: { vendor: 'Odd+Co' }, text: expect.stringContaining('Idle') },
      { text: '[2,"h","Heartbeat",{},]', facts: [] },
    ]);
  });

  test('is green once fixture and quirk say what is meant', () => {
    const files = makeQuirk(replay(broken), 'odd-co');
    const { make, text: said } = JSON.parse(files['fixtures/odd-co-as-recorded.jsonl']!.split('\n')[0]!);
    const written = defineQuirk({
      ...{ id: 'odd-co-as-recorded', why: 'seen in a test', match: { vendor: /^Odd\+Co$/i } },
      inbound: { StatusNotification: (payload) => ({ ...payload, status: 'Available' }) },
    });
    const heard = testDialect({ adapter: ocpp16, quirks: [written], make }).hear(said);
    expect(heard).toMatchObject({ ok: true, facts: [{ kind: 'status', status: 'available' }] });
  });

  test.each([
    ['Bad Name', broken, 'cannot be the name'],
    ['nothing-odd', [['12:00:00', 'in', boot('Acme', 'One')]] as const, 'nothing in this recording deviates'],
    ['never-boots', broken.slice(1), 'its make is not known'],
  ] as const)('%s is refused', (name, lines, why) => {
    expect(() => makeQuirk(replay(lines), name)).toThrow(why);
  });
});
