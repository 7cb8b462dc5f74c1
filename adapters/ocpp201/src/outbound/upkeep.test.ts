import type { Answer, CommandName, CommandTable, LocalListEntry, Outbound, StationView, Step } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { ocpp201 } from '../index.ts';

const viewOf = (variables: Readonly<Record<string, string>> = {}) =>
  ({ protocol: 'ocpp2.0.1', variable: (name: string) => variables[name] }) as unknown as StationView;
const said = (payload: unknown): Answer => ({ kind: 'result', payload });

/** Carries a command out against the answers in turn. */
const run = <K extends CommandName>(name: K, command: CommandTable[K], answers: readonly Answer[], view = viewOf()) => {
  const plan = ocpp201.outbound[name] as Outbound<CommandTable[K]>;
  const calls: [string, unknown][] = [];
  let step: Step = plan.start(command, view);
  for (const answer of answers) {
    if ('done' in step) break;
    calls.push([step.call.action, step.call.payload]);
    step = plan.next(step.state, answer);
  }
  if (!('done' in step)) calls.push([step.call.action, step.call.payload]);
  return { calls, done: 'done' in step ? step.done : undefined };
};
const accepted = said({ status: 'Accepted' });
const at = '2026-01-05T12:00:00.000Z' as CommandTable['reserve']['expiresAt'];

describe('local list', () => {
  const entries = ['A', 'B', 'C'].map((value): LocalListEntry => ({ token: { value }, status: 'accepted' }));
  const version = (versionNumber: unknown) => said({ versionNumber });
  const sizes = (calls: readonly [string, unknown][]) =>
    calls
      .filter(([action]) => action === 'SendLocalList')
      .map(
        ([, payload]) => payload as { updateType: string; versionNumber: number; localAuthorizationList?: unknown[] },
      )
      .map((it) => [it.updateType, it.versionNumber, it.localAuthorizationList?.length ?? 0]);

  test('goes out in parts of ItemsPerMessage: the first full, the others on top', () => {
    const view = viewOf({ 'LocalAuthListCtrlr/ItemsPerMessage': '2' });
    const { calls, done } = run('writeLocalList', { entries }, [version(4), accepted, accepted], view);
    expect(sizes(calls)).toEqual([
      ['Full', 5, 2],
      ['Differential', 6, 1],
    ]);
    expect(done).toEqual({ status: 'accepted', localListVersion: 6 });
  });
  test('and no message is larger than BytesPerMessage', () => {
    const view = viewOf({ 'LocalAuthListCtrlr/BytesPerMessage': '300' });
    const { calls } = run('writeLocalList', { entries }, [version(0), accepted, accepted, accepted], view);
    expect(sizes(calls)).toEqual([
      ['Full', 1, 1],
      ['Differential', 2, 1],
      ['Differential', 3, 1],
    ]);
    for (const [, payload] of calls) expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThan(300);
  });
  test('of a station that has said neither no frame is without end', () => {
    const many = Array.from({ length: 500 }, (_, i): LocalListEntry => ({
      token: { value: `TOKEN${i}` },
      status: 'accepted',
    }));
    const answers = [version(0), ...Array.from({ length: 20 }, () => accepted)];
    const { calls, done } = run('writeLocalList', { entries: many }, answers);
    expect(sizes(calls).reduce((sum, [, , count]) => sum + (count as number), 0)).toBe(500);
    for (const [, payload] of calls) expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThan(8_200);
    expect(done).toMatchObject({ status: 'accepted' });
  });
  test('an empty list is a full one without entries', () => {
    expect(run('writeLocalList', { entries: [] }, [version(3)]).calls.at(-1)).toEqual([
      'SendLocalList',
      { versionNumber: 4, updateType: 'Full' },
    ]);
  });
  test('changes on top of the version that it has; one without a status is taken off', () => {
    const changes = [{ token: { value: 'A' } }];
    const { calls } = run('writeLocalList', { entries, base: 4, changes }, [version(4)]);
    expect(calls.at(-1)).toEqual([
      'SendLocalList',
      {
        versionNumber: 5,
        updateType: 'Differential',
        localAuthorizationList: [{ idToken: { idToken: 'A', type: 'Central' } }],
      },
    ]);
  });
  test('a differential that is not taken is repaired by the whole list, once', () => {
    const mismatch = said({ status: 'VersionMismatch' });
    const wanted = { entries, base: 4, changes: entries.slice(0, 1) };
    const { calls, done } = run('writeLocalList', wanted, [version(4), mismatch, mismatch]);
    expect(sizes(calls)).toEqual([
      ['Differential', 5, 1],
      ['Full', 6, 3],
    ]);
    expect(done).toMatchObject({ status: 'rejected' });
  });
  test('a version that is no number ends it by name', () => {
    expect(run('writeLocalList', { entries }, [version('many')]).done).toMatchObject({ status: 'failed' });
  });
  test('a token that is too long is not sent', () => {
    const long = [{ token: { value: 'A'.repeat(37) }, status: 'accepted' as const }];
    expect(run('writeLocalList', { entries: long }, [])).toMatchObject({ calls: [], done: { status: 'rejected' } });
  });
});

describe('certificates', () => {
  const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'AA', issuerKeyHash: 'BB' };
  test('a chain is listed with the certificates below it', () => {
    const chain = {
      certificateType: 'V2GCertificateChain',
      certificateHashData: { ...hash, serialNumber: '1' },
      childCertificateHashData: [{ ...hash, serialNumber: '2' }],
    };
    const answer = said({ status: 'Accepted', certificateHashDataChain: [chain, 7, { certificateHashData: null }] });
    const { calls, done } = run('listCertificates', { use: 'v2gChain' }, [answer]);
    expect(calls).toEqual([['GetInstalledCertificateIds', { certificateType: ['V2GCertificateChain'] }]]);
    const use = 'v2gChain';
    expect(done).toMatchObject({
      certificates: [
        { serialNumber: '1', use },
        { serialNumber: '2', use },
      ],
    });
  });
  test('those of every use are listed where none is named', () => {
    const chains = ['CSMSRootCertificate', 'MORootCertificate'].map((certificateType, at) => ({
      certificateType,
      certificateHashData: { ...hash, serialNumber: String(at) },
    }));
    const { calls, done } = run('listCertificates', {}, [
      said({ status: 'Accepted', certificateHashDataChain: chains }),
    ]);
    expect(calls).toEqual([['GetInstalledCertificateIds', {}]]);
    expect(done).toMatchObject({
      certificates: [
        { serialNumber: '0', use: 'csmsRoot' },
        { serialNumber: '1', use: 'moRoot' },
      ],
    });
  });
  test.each([
    ['installCertificate', { use: 'oemRoot', certificate: 'PEM' }],
    ['installCertificate', { use: 'v2gChain', certificate: 'PEM' }],
    ['listCertificates', { use: 'oemRoot' }],
    ['certificateSigned', { chain: 'PEM', use: 'v2g20' }],
  ] as const)('what 2.0.1 has no word for is not sent: %s %j', (name, command) => {
    expect(run(name, command as never, [])).toMatchObject({ calls: [], done: { status: 'unsupported' } });
  });
});

test('a reservation of any EVSE is not sent where the station reserves EVSEs only', () => {
  const command = { reservation: 7, token: { value: '04A2B3C4' }, expiresAt: at };
  const view = viewOf({ 'ReservationCtrlr/NonEvseSpecific': 'false' });
  expect(run('reserve', command, [], view).done).toMatchObject({ status: 'unsupported' });
  expect(run('reserve', { ...command, evse: 2 }, [], view).calls).toEqual([
    ['ReserveNow', { id: 7, expiryDateTime: at, idToken: { idToken: '04A2B3C4', type: 'ISO14443' }, evseId: 2 }],
  ]);
});

test('a signed update needs both the signature and whose it is', () => {
  const command = { request: 7, url: 'https://files.example/1.bin', retrieveAt: at, signature: 'c2ln' };
  expect(run('updateFirmware', command, []).done).toMatchObject({ status: 'rejected' });
  expect(run('updateFirmware', { ...command, certificate: 'PEM' }, [said({ status: 'RevokedCertificate' })])).toEqual({
    calls: [
      [
        'UpdateFirmware',
        {
          requestId: 7,
          firmware: { location: command.url, retrieveDateTime: at, signingCertificate: 'PEM', signature: 'c2ln' },
        },
      ],
    ],
    done: { status: 'rejected', detail: 'RevokedCertificate' },
  });
});

test('diagnostics are a log of 2.x', () => {
  const answer = said({ status: 'Accepted', filename: 'a.zip' });
  expect(run('getDiagnostics', { request: 7, url: 'https://files.example/' }, [answer])).toEqual({
    calls: [['GetLog', { logType: 'DiagnosticsLog', requestId: 7, log: { remoteLocation: 'https://files.example/' } }]],
    done: { status: 'accepted', fileName: 'a.zip' },
  });
});

describe('what a station says of why it refuses is told', () => {
  const statusInfo = { reasonCode: 'NotEnabled', additionalInfo: 'off by the site' };
  const why = 'NotEnabled: off by the site';
  test.each([
    ['reset', { kind: 'soft' }, { status: 'Rejected', statusInfo }, `Rejected (${why})`],
    ['unlock', { evse: 1 }, { status: 'UnlockFailed', statusInfo }, `UnlockFailed (${why})`],
    ['baseReport', { base: 'full', request: 1 }, { status: 'Rejected', statusInfo }, `Rejected (${why})`],
    ['clearCache', {}, { status: 'Perhaps', statusInfo }, `unknownStatus(Perhaps) (${why})`],
    ['clearCache', {}, { status: 'Rejected', statusInfo: { reasonCode: ' ' } }, 'Rejected'],
    ['clearCache', {}, { status: 'Rejected', statusInfo: 'no' }, 'Rejected'],
    [
      'clearMonitors',
      { ids: [4] },
      { clearMonitoringResult: [{ id: 4, status: 'Rejected', statusInfo }] },
      `4: Rejected (${why})`,
    ],
    [
      'rotateKey',
      { key: 'k'.repeat(20) },
      { setVariableResult: [{ attributeStatus: 'Rejected', attributeStatusInfo: statusInfo }] },
      `Rejected (${why})`,
    ],
    [
      'readVariables',
      { names: ['EVSE/Power'] },
      { getVariableResult: [{ attributeStatus: 'Rejected', attributeStatusInfo: statusInfo }] },
      `EVSE/Power: Rejected (${why})`,
    ],
    [
      'setMonitors',
      { monitors: [{ variable: 'EVSE/Power', kind: 'upper', value: 1, severity: 3 }] },
      {
        setMonitoringResult: [{ ...{ status: 'Rejected', statusInfo, type: 'UpperThreshold', severity: 3 } }].map(
          (it) => ({ ...it, component: { name: 'EVSE' }, variable: { name: 'Power' } }),
        ),
      },
      `EVSE/Power upper: Rejected (${why})`,
    ],
  ] as const)('%s', (name, command, answer, detail) => {
    expect(run(name, command as never, [said(answer)]).done).toMatchObject({ detail });
  });
});

test('a report of more than the station takes in one message is not asked for', () => {
  const names = ['EVSE', 'Connector', 'EVSE/Power@1'];
  const few = viewOf({ 'DeviceDataCtrlr/ItemsPerMessage.GetReport': '2' });
  expect(run('variableReport', { names, request: 7 }, [], few)).toMatchObject({
    calls: [],
    done: { status: 'rejected', detail: expect.stringMatching(/3 names .* takes at once, 2 \(.*ItemsPerMessage/) },
  });
  const short = viewOf({ 'DeviceDataCtrlr/BytesPerMessage.GetReport': '80' });
  expect(run('variableReport', { names, request: 7 }, [], short)).toMatchObject({
    calls: [],
    done: { status: 'rejected', detail: expect.stringMatching(/bytes .* takes at once, 80 \(/) },
  });
  expect(run('variableReport', { names, request: 7 }, [accepted]).calls).toHaveLength(1);
});

test('a start tells the group of the token, so that the others of it may stop', () => {
  const command = { evse: 1, token: { value: '04A2B3C4' }, remoteStartId: 9 };
  expect(run('start', { ...command, group: { value: 'FLEET-1' } }, []).calls).toEqual([
    [
      'RequestStartTransaction',
      {
        ...{ evseId: 1, remoteStartId: 9, idToken: { idToken: '04A2B3C4', type: 'ISO14443' } },
        groupIdToken: { idToken: 'FLEET-1', type: 'Central' },
      },
    ],
  ]);
  // Cut, it would be another group.
  const [[, payload]] = run('start', { ...command, group: { value: 'G'.repeat(37) } }, []).calls as [[string, unknown]];
  expect(payload).not.toHaveProperty('groupIdToken');
});

test('a station that tells costs or tariffs apart has that part', () => {
  const partsOf = (said: Readonly<Record<string, string>>) => ocpp201.capabilities!(viewOf(said)).profiles;
  expect(partsOf({ 'TariffCostCtrlr/Available.Cost': 'true', 'TariffCostCtrlr/Available.Tariff': 'false' })).toEqual([
    'TariffCostCtrlr',
  ]);
  expect(partsOf({ 'TariffCostCtrlr/Enabled.Cost': 'false', 'ReservationCtrlr/Available': 'true' })).toEqual([
    'ReservationCtrlr',
  ]);
});

test('what a message of a make is called is named with it, and with no other', () => {
  expect(
    run('reserve', { reservation: 7, token: { value: 'A' }, expiresAt: at, connectorType: 'Cable' }, []),
  ).toMatchObject({ calls: [], done: { status: 'unsupported', detail: 'OCPP 2.0.1 has no connector type "Cable"' } });
  expect(run('trigger', { message: 'heartbeat', custom: 'Selftest' }, [])).toMatchObject({
    calls: [],
    done: { status: 'rejected' },
  });
});
