import { expect, test } from 'vitest';
import { testCsms } from '../../test/csms.ts';
import { pace } from '../../test/pace.ts';
import { stand2x } from '../../test/stand2x.ts';
import { deliveredWhole } from '../ledger.ts';
import { virtualStation } from '../virtual-station.ts';
import { signedMeter } from '../ocpp16/signed-meter.ts';
import { mixableOf, personalityOf } from './index.ts';

type Payload = Record<string, unknown>;
const patient = { withinMs: 20_000 };
const at = stand2x('ocpp2.0.1');
const as = (id: string) => at.started({ personality: personalityOf(id) });
const events = (): Payload[] => at.heard('TransactionEvent');
const token = (idToken: string, type = 'ISO14443') => ({ idToken, type });

test.each(mixableOf('ocpp2.0.1').map((one) => [one.id]))('%s charges, and all of it is acknowledged', async (id) => {
  const station = await as(id);
  const entry = await station.charge({ idTag: 'TAG1', stopAfterSeconds: 600 });
  await station.settled(patient);
  expect(deliveredWhole(entry)).toBe(true);
  expect(at.mistakes()).toEqual([]);
});

test('vcp-201 numbers everything 0 and leaves out the unit in the end', async () => {
  const station = await as('vcp-201');
  const entry = await station.charge({ idTag: 'TAG1', stopAfterSeconds: 600 });
  await station.settled(patient);
  expect(new Set(events().map((event) => event['seqNo']))).toEqual(new Set([0]));
  const sampleOf = (event: Payload = {}): Payload =>
    (event['meterValue'] as { sampledValue: Payload[] }[])[0]!.sampledValue[0]!;
  expect(sampleOf(events()[0])).toMatchObject({ value: 1, unitOfMeasure: { unit: 'kWh' } });
  expect(sampleOf(events().at(-1))).not.toHaveProperty('unitOfMeasure');
  expect(sampleOf(events().at(-1))['value']).toBeCloseTo((entry.meterStopWh ?? 0) / 1_000, 6);
});

test('vcp-201 reports nothing, and its process ends at a command that it does not know', async () => {
  const station = await as('vcp-201');
  await at.ask('GetBaseReport', { requestId: 1, reportBase: 'FullInventory' });
  expect((await at.csms.arrives('NotifyReport'))[0]).toMatchObject({ reportData: [] });
  const gone = station.next('disconnected', patient);
  void at.ask('CancelReservation', { reservationId: 1 }).catch(() => undefined);
  await gone;
});

test('shiv3-201 tells of itself, reads twice, and after an outage boots as if nothing had been', async () => {
  const station = await as('shiv3-201');
  const statuses = await at.csms.arrives('StatusNotification', 2);
  expect(statuses.map(({ evseId, connectorId }) => [evseId, connectorId])).toEqual([
    [0, 0],
    [1, 1],
  ]);
  station.plugIn(1);
  await station.present(1, 'TAG1');
  expect((await at.csms.arrives('MeterValues'))[0]).toMatchObject({ evseId: 1 });
  station.faults.offline();
  station.end(1);
  station.unplug(1);
  const before = at.heard('StatusNotification').length;
  station.faults.online();
  await at.csms.arrives('BootNotification', 2);
  const after = (await at.csms.arrives('StatusNotification', before + 2)).slice(before);
  expect(after.every((one) => one['connectorStatus'] === 'Available')).toBe(true);
  expect(at.mistakes()).toEqual([]);
});

test('shiv3-201 never tells of a stop without a line', async () => {
  const station = await as('shiv3-201');
  station.plugIn(1);
  await station.present(1, 'TAG1');
  await station.next('metered', patient);
  station.faults.offline();
  expect(station.end(1)).toMatchObject({ stopWithheld: true });
  station.faults.online();
  await station.settled(patient);
  expect(events().every((event) => event['eventType'] !== 'Ended')).toBe(true);
});

test('micro-ocpp-201 says that it charges before the plug, and asks again about a swipe of long ago', async () => {
  const station = await as('micro-ocpp-201');
  await at.ask('RequestStartTransaction', { idToken: token('APP1', 'Central'), remoteStartId: 3 });
  station.plugIn(1);
  await at.csms.arrives('TransactionEvent', 2);
  expect(events().slice(0, 2)).toMatchObject([
    { eventType: 'Started', triggerReason: 'RemoteStart', transactionInfo: { chargingState: 'Charging' } },
    { eventType: 'Updated', triggerReason: 'CablePluggedIn' },
  ]);
  station.end(1);
  await station.settled(patient);
  station.faults.offline();
  await station.present(1, 'LATE');
  expect(at.heard('Authorize')).toEqual([]);
  station.faults.online();
  expect(await at.csms.arrives('Authorize')).toEqual([{ idToken: token('LATE') }]);
});

test('micro-ocpp-201 ends without a reason, marks nothing as offline, and knows few commands', async () => {
  const station = await as('micro-ocpp-201');
  station.plugIn(1);
  await station.present(1, 'TAG1');
  await station.next('startAnswered', patient);
  station.faults.offline();
  station.end(1);
  station.faults.online();
  await station.settled(patient);
  const last = events().at(-1);
  expect(last).toMatchObject({ eventType: 'Ended', triggerReason: 'StopAuthorized' });
  expect(last).not.toHaveProperty('offline');
  expect(last?.['transactionInfo']).not.toHaveProperty('stoppedReason');
  expect(await at.ask('UnlockConnector', { evseId: 1, connectorId: 1 })).toContain('NotImplemented');
  expect(await at.ask('SendLocalList', { versionNumber: 1, updateType: 'Full' })).toContain('FormationViolation');
  expect(at.mistakes()).toEqual([]);
});

test('sap-keba-201 signs begin and end in the end', async () => {
  const personality = personalityOf('sap-keba-201');
  const station = await at.started({ personality, signedMeter: signedMeter() });
  await station.charge({ idTag: 'TAG1', stopAfterSeconds: 600 });
  await station.settled(patient);
  const signed = events().map(
    (event) => JSON.stringify(event['meterValue'] ?? []).split('signedMeterValue').length - 1,
  );
  expect([signed[0], signed.at(-1)]).toEqual([0, 2]);
});

test('foxess-201 tells statuses of 1.6 and refuses every profile', async () => {
  const station = await as('foxess-201');
  station.plugIn(1);
  expect(await at.csms.arrives('StatusNotification', 2)).toMatchObject([
    { connectorId: 1, errorCode: 'NoError', status: 'Available' },
    { connectorId: 1, status: 'Charging' },
  ]);
  expect(await at.ask('SetChargingProfile', { evseId: 0, chargingProfile: {} })).toContain('FormationViolation');
});

test('no-connector-201 names the EVSE alone', async () => {
  const station = await as('no-connector-201');
  await station.charge({ idTag: 'TAG1', stopAfterSeconds: 600 });
  await station.settled(patient);
  expect([events()[0]?.['evse'], events().at(-1)?.['evse']]).toEqual([{ id: 1 }, { id: 1 }]);
});

test('latest-first-201 tells an outage backwards', async () => {
  const station = await as('latest-first-201');
  station.faults.offline();
  const entry = await station.charge({ idTag: 'TAG1', stopAfterSeconds: 600 });
  station.faults.online();
  await station.settled(patient);
  const numbers = events().map((event) => Number(event['seqNo']));
  expect(numbers).toEqual(entry.messages.map((_, index) => index).toReversed());
  expect(events()[0]).toMatchObject({ eventType: 'Ended', offline: true });
});

test.each([
  ['vcp-21', 'seqNo', 0],
  ['shiv3-21', 'eventType', 'Started'],
])('%s speaks 2.1', async (id, member, value) => {
  const csms = await testCsms(undefined, 'ocpp2.1');
  csms.answers = {
    BootNotification: () => ({ status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 }),
    Authorize: () => ({ idTokenInfo: { status: 'Accepted' } }),
  };
  const station = virtualStation({ url: csms.url, identity: 'NEW', personality: personalityOf(id), ...pace() });
  try {
    await station.start();
    station.plugIn(1);
    await station.present(1, 'TAG1');
    const all = await csms.arrives('TransactionEvent', 2);
    expect(all[member === 'seqNo' ? 1 : 0]?.[member]).toBe(value);
    const cleared = (await csms.command('ClearTariffs', {}))[2];
    expect(cleared).toEqual({ clearTariffsResult: id === 'vcp-21' ? [] : [{ status: 'NoTariff' }] });
  } finally {
    station.close();
    await csms.close();
  }
});

test('sap-keba-201 changes the type of a token inside one session', async () => {
  const station = await as('sap-keba-201');
  await station.charge({ idTag: 'TAG1', stopAfterSeconds: 600 });
  await station.settled(patient);
  expect(at.heard('Authorize')).toEqual([{ idToken: token('TAG1', 'Local') }]);
  expect(events()[0]).toMatchObject({ idToken: token('TAG1') });
  expect(events().some((event) => event['triggerReason'] === 'MeterValuePeriodic')).toBe(false);
});

test('status-replay-201 tells the states of the time without a line and does not boot again', async () => {
  const station = await as('status-replay-201');
  await at.csms.arrives('StatusNotification', 1);
  station.faults.offline();
  station.plugIn(1);
  station.unplug(1);
  station.faults.online();
  const told = await at.csms.arrives('StatusNotification', 3);
  expect(told.map((one) => one['connectorStatus'])).toEqual(['Available', 'Occupied', 'Available']);
  expect(at.heard('BootNotification')).toHaveLength(1);
});

test('foxess-a speaks 1.6 on a connection for 2.0.1', async () => {
  await as('foxess-a').catch(() => undefined);
  expect(at.csms.handshakes[0]?.['sec-websocket-protocol']).toBe('ocpp2.0.1');
  expect(at.heard('BootNotification')[0]).toMatchObject({ chargePointVendor: 'FoxESS' });
});

test('many-subprotocols offers more than one', async () => {
  await as('many-subprotocols');
  expect(at.csms.handshakes[0]?.['sec-websocket-protocol']).toBe('ocpp2.0.1,ocpp1.6');
});

test('a station without a protocol is one of 1.6', async () => {
  const csms = await testCsms();
  const station = virtualStation({ url: csms.url, identity: 'PLAIN' });
  try {
    await station.start();
    expect(csms.handshakes[0]?.['sec-websocket-protocol']).toBe('ocpp1.6');
  } finally {
    station.close();
    await csms.close();
  }
});
