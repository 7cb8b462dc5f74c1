import { expect, test } from 'vitest';
import { testCsms } from '../../test/csms.ts';
import { stand2x } from '../../test/stand2x.ts';
import { deliveredWhole } from '../ledger.ts';
import { virtualStation } from '../virtual-station.ts';
import { mixableOf, personalityOf } from './index.ts';

type Payload = Record<string, unknown>;
const patient = { withinMs: 20_000 };
const at = stand2x('ocpp2.0.1');
const as = (id: string) => at.started({ personality: personalityOf(id), behindMs: 3 * 3_600_000 });
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
