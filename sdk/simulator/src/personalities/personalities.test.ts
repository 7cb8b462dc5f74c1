import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { stand } from '../../test/stand.ts';
import { deliveredWhole } from '../ledger.ts';
import { mixable, personalities, personalityOf } from './index.ts';

const at = stand();
/** Charges once as that make, and gives what went over the wire as text. */
const visitOf = async (id: string): Promise<string[]> => {
  const station = await at.started({ personality: personalityOf(id) });
  const entry = await station.charge({ idTag: 'TAG1', stopAfterSeconds: 600 });
  await station.settled();
  expect(deliveredWhole(entry)).toBe(true);
  return at.csms.texts.filter((text) => text.startsWith('[2'));
};
const profile = (o: Record<string, unknown>) => ({
  connectorId: 0,
  csChargingProfiles: {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Relative',
    chargingSchedule: {
      chargingRateUnit: 'W',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 5_000 }],
      ...(o['chargingProfileKind'] === 'Absolute' ? { startSchedule: '2026-01-01T00:00:00Z' } : {}),
    },
    ...o,
  },
});

test('each make is a file that says what it does and where that was seen', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => !/\.test\.ts$|^(index|keys|profiles|samples)\.ts$/.test(name))
    .map((name) => name.replace('.ts', ''));
  expect(Object.keys(personalities).sort()).toEqual(files.sort());
  for (const { what, source } of Object.values(personalities)) {
    expect(what).toMatch(/\.$/);
    expect(source.length).toBeGreaterThan(5);
  }
});

test.each(mixable.map((one) => [one.id]))('%s charges, and all of it is acknowledged', async (id) => {
  await visitOf(id);
});

describe('on the wire', () => {
  test.each([
    ['aefa-home', /"MeterValues",\{"connectorId":1,"meterValue".*"transactionId":\}\]$/],
    ['aefa-home', /"StartTransaction",.*"timestamp":"\d{4}-\d\d-\d\dT[\d:.]+"/],
    ['alfen-eve', /"MeterValues",.*"transactionId":9223372036854775807\}/],
    ['beny-bcp', /"MeterValues",.*"sampledValue":\[,\{/],
    ['charge-amps-halo', /"measurand":"Frequency",.*"unit":"Hz"/],
    ['go-e', /"StopTransaction",.*"transactionId":-1/],
    ['growatt-thor', /"StartTransaction",.*"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d".*"reservationId":0/],
    ['huawei-scharger', /"BootNotification",.*"chargePointVendor":""/],
    ['huawei-scharger', /"MeterValues",.*"meterValue":\{/],
    ['keba-group', /"StartTransaction",.*"idTag":"TAG1_21093456"/],
    ['keba-group', /"StatusNotification",.*"vendorId":"1\.12\.0"/],
    ['legrand-green-up', /"StatusNotification",.*"errorCode":"Error"/],
    ['null-stops', /"StopTransaction",.*"transactionId":null/],
    ['kwh-half-said', /"MeterValues",.*"value":"1\.\d{3}","unit":"kWh"/],
    ['kwh-unsaid', /"MeterValues",.*\{"value":"1\.\d{3}","measurand":"Energy\.Active\.Import\.Register"/],
    ['lifetime-start', /"StartTransaction",.*"meterStart":5000000/],
    ['openevse', /"MeterValues",.*"value":"\d","unit":"Wh","measurand":"Energy\.Active\.Import\.Register"/],
    ['openevse', /"StopTransaction",.*"meterStop":\d,/],
    [
      'schneider-summed',
      /"phase":"L3","measurand":"Current\.Import".*"unit":"A","measurand":"Current\.Import","context"/,
    ],
    ['session-registers', /"StartTransaction",.*"meterStart":0,/],
    ['schneider-evlink', /"chargeBoxSerialNumber":"[^"]{33}"/],
    ['syncev', /"measurand":"Current\.Import\.L1"/],
    ['tkt-ev', /"StopTransaction",.*"transactionId":0/],
    ['vcp', /"value":"1\.\d+","unit":"kWh"/],
  ])('%s says %s', async (id, says) => {
    expect(await visitOf(id)).toContainEqual(expect.stringMatching(says));
  });

  test('schneider-evb tells another start instead of a stop, tellus-power neither', async () => {
    const told = async (id: string) => {
      const station = await at.started({ personality: personalityOf(id), identity: id });
      await station.charge({ idTag: 'TAG1', stopAfterSeconds: 600 });
      await station.settled();
      return at.csms.texts.filter((text) => text.startsWith('[2') && /"(Start|Stop)Transaction"/.test(text));
    };
    const starts = await told('schneider-evb');
    expect(starts).toHaveLength(2);
    expect(starts[1]).toMatch(/"StartTransaction",.*"meterStart":0/);
    expect(await told('tellus-power')).toHaveLength(2);
  });

  test('half-open opens another socket, and leaves the one before open', async () => {
    const station = await at.started({ personality: personalityOf('half-open') });
    await station.next('connected', { withinMs: 20_000 });
    expect(station.faults.leftOpen).toBe(1);
  });

  test('necharge-pro charges with the step below its limit', async () => {
    const station = await at.started({ personality: personalityOf('necharge-pro') });
    station.plugIn(1);
    const limit = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 11 }] };
    await at.ask('SetChargingProfile', profile({ chargingSchedule: limit }));
    station.begin(1, 'TAG1');
    const { powerW } = await station.next('metered', { withinMs: 20_000, where: (event) => event.powerW > 0 });
    expect(powerW).toBe(10 * 230 * 3);
  });

  test('sap-abb tells a stop twice, available-first after the connector was free', async () => {
    expect((await visitOf('sap-abb')).filter((text) => text.includes('"StopTransaction"'))).toHaveLength(2);
    const texts = await visitOf('available-first');
    const free = texts.findLastIndex((text) => text.includes('"Available"'));
    expect(texts.findLastIndex((text) => text.includes('"StopTransaction"'))).toBeGreaterThan(0);
    expect(texts.findIndex((text, index) => index > free - 2 && text.includes('"Available"'))).toBeGreaterThan(0);
  });

  test('open-ocpp counts its messages, grizzl-e names no subprotocol, wallbox-pulsar-6 does not boot', async () => {
    expect((await visitOf('open-ocpp'))[0]).toMatch(/^\[2,"1",/);
    await at.started({ personality: personalityOf('grizzl-e'), identity: 'G' });
    expect(at.csms.handshakes.at(-1)?.['sec-websocket-protocol']).toBeUndefined();
    const before = at.heard('BootNotification').length;
    await at.started({ personality: personalityOf('wallbox-pulsar-6'), identity: 'W' });
    expect(at.heard('BootNotification')).toHaveLength(before);
  });
});

const HEARTBEAT = { configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }] };

describe('asked', () => {
  const absolute = { chargingProfileKind: 'Absolute' };
  const maximum = { chargingProfilePurpose: 'ChargePointMaxProfile' };
  test.each([
    ['abb-terra-ac', 'SetChargingProfile', profile({ stackLevel: 1 }), { status: 'Rejected' }],
    ['abb-terra-ac', 'SetChargingProfile', profile({}), { status: 'Accepted' }],
    ['amperfied-connect', 'SetChargingProfile', profile({}), [4, 'c1', 'NotSupported', 'no smart charging here', {}]],
    [
      'autel-maxicharger',
      'SetChargingProfile',
      profile(maximum),
      [4, 'c1', 'PropertyConstraintViolation', 'chargingProfileKind', {}],
    ],
    ['autel-maxicharger', 'SetChargingProfile', profile({ ...maximum, ...absolute }), { status: 'Accepted' }],
    ['easee', 'ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '10' }, { status: 'Rejected' }],
    ['easee', 'ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '30' }, { status: 'Accepted' }],
    ['evbox-older', 'SetChargingProfile', profile({}), [4, 'c1', 'NotSupported', 'no smart charging here', {}]],
    ['evbox-older', 'ChangeConfiguration', { key: 'evb_MaximumStationCurrent', value: '160' }, { status: 'Accepted' }],
    ['abb-terra-ac-old', 'GetConfiguration', { key: ['HeartbeatInterval'] }, HEARTBEAT],
    ['charx', 'RemoteStartTransaction', { idTag: 'T' }, { status: 'Rejected' }],
    ['evbox-elvi', 'SetChargingProfile', profile({ ...maximum, ...absolute }), { status: 'Rejected' }],
    ['project-ev', 'TriggerMessage', { requestedMessage: 'MeterValues' }, { status: 'Rejected' }],
    ['project-ev', 'TriggerMessage', { requestedMessage: 'Heartbeat' }, { status: 'Accepted' }],
    ['single-connector', 'ChangeAvailability', { connectorId: 0, type: 'Operative' }, { status: 'Rejected' }],
    ['single-connector', 'ChangeAvailability', { connectorId: 1, type: 'Operative' }, { status: 'Accepted' }],
    ['timxon-a0', 'SetChargingProfile', profile(maximum), { status: 'NotSupported' }],
    ['wallbox-pulsar-5', 'SetChargingProfile', profile({ stackLevel: 2 }), { status: 'Rejected' }],
    ['wallbox-pulsar-6', 'SetChargingProfile', profile(absolute), { status: 'Rejected' }],
    ['wallbox-pulsar-6', 'SetChargingProfile', profile({}), { status: 'Accepted' }],
    [
      'huawei-scharger',
      'SetChargingProfile',
      profile({ chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] } }),
      { status: 'Rejected' },
    ],
    [
      'mennekes-smart',
      'GetConfiguration',
      { key: ['ConnectorPhaseRotation'] },
      { configurationKey: [{ key: 'ConnectorPhaseRotation', readonly: false, value: '"0.RST, 1.RST"' }] },
    ],
    [
      'lower-case-keys',
      'GetConfiguration',
      { key: ['HeartbeatInterval'] },
      { configurationKey: [{ key: 'heartbeatinterval', readonly: false, value: '300' }] },
    ],
  ])('%s answers %s %j with %j', async (id, action, payload, answer) => {
    await at.started({ personality: personalityOf(id) });
    expect(await at.ask(action, payload)).toEqual(answer);
  });

  test('timxon-a0 does not answer an Absolute profile, grizzl-e not whole', async () => {
    const timxon = await at.started({ personality: personalityOf('timxon-a0') });
    const silent = timxon.next('command', { withinMs: 5_000, where: (event) => event.answer === 'silence' });
    at.csms.command('SetChargingProfile', profile(absolute)).catch(() => undefined);
    await silent;
    const grizzl = await at.started({ personality: personalityOf('grizzl-e'), identity: 'G' });
    const garbled = grizzl.next('command', { withinMs: 5_000, where: (event) => event.answer === 'garbled' });
    at.csms.command('GetConfiguration', {}).catch(() => undefined);
    await garbled;
  });
});
