import { describe, expect, test } from 'vitest';
import { stand } from '../../test/stand.ts';
import { deliveredWhole } from '../ledger.ts';
import type { Personality } from '../personality.ts';

const at = stand();
const told = () => at.heard('StatusNotification').map((one) => one['status']);
const aPersonality = (o: Partial<Personality>): Personality => ({ id: 'a', what: 'w', source: 's', ...o });

describe('stops', () => {
  test('withheld: it has ended, and the CSMS never hears', async () => {
    const station = await at.started();
    const entry = station.begin(1, 'T');
    station.end(1, { withheld: true });
    await station.settled();
    expect(at.heard('StopTransaction')).toEqual([]);
    expect([entry.stoppedAt !== undefined, deliveredWhole(entry)]).toEqual([true, false]);
  });

  test('twice: another message id, the second without a reason', async () => {
    const station = await at.started();
    station.begin(1, 'T');
    station.end(1, { twice: true, reason: 'Remote' });
    await station.settled();
    const stops = at.csms.heard.filter((call) => call.action === 'StopTransaction');
    expect(stops.map((call) => call.payload['reason'])).toEqual(['Remote', undefined]);
    expect(stops[0]?.id).not.toBe(stops[1]?.id);
    expect(stops[0]?.payload['meterStop']).toBe(stops[1]?.payload['meterStop']);
  });

  test.each([[-1], [0], [null]])('with the transaction id %s', async (claimedId) => {
    const station = await at.started();
    station.begin(1, 'T');
    station.end(1, { claimedId });
    await station.settled();
    expect(at.heard('StopTransaction')[0]?.['transactionId']).toBe(claimedId);
  });

  test('after the connector was shown free', async () => {
    const station = await at.started({ freesFirst: true });
    station.plugIn(1);
    await station.present(1, 'T');
    station.end(1);
    await station.settled();
    await at.csms.arrives('StatusNotification', 4);
    const order = at.csms.heard.filter(
      (call) => call.action === 'StopTransaction' || call.payload['status'] === 'Available',
    );
    expect(order.map((call) => call.action)).toEqual(['StatusNotification', 'StatusNotification', 'StopTransaction']);
  });
});

describe('clocks', () => {
  test('at 1970 until the boot is accepted: what began before carries that time', async () => {
    let boots = 0;
    at.csms.answers['BootNotification'] = () => ({
      status: ++boots > 1 ? 'Accepted' : 'Pending',
      currentTime: new Date().toISOString(),
      interval: 1,
    });
    const station = at.station({ clockAtPowerUp: '1970' });
    const ready = station.start();
    await station.next('booted', { withinMs: 5_000, where: (event) => event.status === 'Pending' });
    station.begin(1, 'T');
    await ready;
    station.end(1);
    await station.settled();
    expect(at.heard('StartTransaction')[0]?.['timestamp']).toMatch(/^1970-01-01T/);
    expect(at.heard('StopTransaction')[0]?.['timestamp']).toMatch(/^20\d\d/);
  });

  test('lost on command', async () => {
    const station = await at.started();
    station.faults.clockLost();
    station.begin(1, 'T');
    expect((await at.csms.arrives('StartTransaction'))[0]?.['timestamp']).toMatch(/^1970/);
  });

  test('ahead in the first states after the boot, and right from then on', async () => {
    const station = await at.started({ clockAtPowerUp: 7_200_000, speed: 1 });
    const ahead = Date.parse(String((await at.csms.arrives('StatusNotification'))[0]?.['timestamp'])) - Date.now();
    station.plugIn(1);
    const right = Date.parse(String((await at.csms.arrives('StatusNotification', 2))[1]?.['timestamp'])) - Date.now();
    expect(Math.abs(ahead - 7_200_000)).toBeLessThan(60_000);
    expect(Math.abs(right)).toBeLessThan(60_000);
  });

  test('written in another form', async () => {
    const stamp = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
    await at.started({ personality: aPersonality({ stamp }) });
    expect((await at.csms.arrives('StatusNotification'))[0]?.['timestamp']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });
});

describe('the line', () => {
  test('states of the time offline are told one by one with their times, before the transactions, without a boot', async () => {
    const station = await at.started({ replaysStates: true });
    await at.csms.arrives('StatusNotification');
    station.faults.offline();
    station.plugIn(1);
    station.begin(1, 'T');
    await station.next('metered', { withinMs: 5_000 });
    station.end(1);
    station.unplug(1);
    const before = at.csms.heard.length;
    station.faults.online();
    await station.settled();
    await at.csms.arrives('StopTransaction');
    const after = at.csms.heard.slice(before);
    expect(after.map((call) => call.action).filter((action) => action !== 'MeterValues')).toEqual([
      ...Array<string>(4).fill('StatusNotification'),
      'Heartbeat',
      'StartTransaction',
      'StopTransaction',
    ]);
    const states = after.slice(0, 4).map((call) => call.payload);
    expect(states.map((state) => state['status'])).toEqual(['Preparing', 'Charging', 'Finishing', 'Available']);
    const times = states.map((state) => Date.parse(String(state['timestamp'])));
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(60_000);
  });

  test('a start is repeated with its own time after each lost line, and keeps its transaction', async () => {
    at.csms.answers['StartTransaction'] = () => ({ transactionId: 42, idTagInfo: { status: 'Accepted' } });
    const station = await at.started({ repeatsStarts: true });
    station.begin(1, 'T');
    await station.settled();
    station.faults.cutLine();
    const [first, second] = await at.csms.arrives('StartTransaction', 2);
    expect(second).toEqual(first);
    expect(at.heard('BootNotification')).toHaveLength(1);
  });

  test('left half open it dials beside it', async () => {
    const station = await at.started();
    const again = station.next('connected', { withinMs: 5_000 });
    station.faults.halfOpen();
    await again;
    expect(station.faults.leftOpen).toBe(1);
    expect(at.csms.handshakes).toHaveLength(2);
  });

  test('some leave when they are pinged', async () => {
    const station = await at.started({ dropsOnPing: true });
    const left = station.next('disconnected', { withinMs: 5_000 });
    at.csms.ping();
    await left;
  });

  test('some name no subprotocol', async () => {
    await at.started({ subprotocol: false });
    expect(at.csms.handshakes[0]?.['sec-websocket-protocol']).toBeUndefined();
  });
});

describe('message ids', () => {
  const ids = () => at.csms.heard.map((call) => call.id);

  test('numbers begin anew with each power-up, and so come again', async () => {
    const station = await at.started({ messageIds: 'numbers' });
    await at.csms.arrives('StatusNotification');
    station.faults.powerOff();
    station.faults.powerOn();
    await at.csms.arrives('StatusNotification', 2);
    expect(ids()).toEqual(['1', '2', '1', '2']);
  });

  test('one is used again and again on command', async () => {
    const station = await at.started();
    await at.csms.arrives('StatusNotification');
    station.faults.reuseIds(true);
    await station.call('Heartbeat', {});
    await station.call('Heartbeat', {});
    station.faults.reuseIds(false);
    await station.call('Heartbeat', {});
    const [, status, first, second, third] = ids();
    expect([first, second]).toEqual([status, status]);
    expect(third).not.toBe(status);
  });
});

describe('boots', () => {
  test('never: connected and silent, and it still answers', async () => {
    const station = await at.started({ boots: 'never' });
    expect(await at.ask('TriggerMessage', { requestedMessage: 'BootNotification' })).toEqual({ status: 'Accepted' });
    expect(await at.ask('GetLocalListVersion')).toEqual({ listVersion: 0 });
    expect([at.actions(), station.online]).toEqual([[], false]);
  });

  test('when asked: in service without one', async () => {
    await at.started({ boots: 'asked' });
    await at.csms.arrives('StatusNotification');
    expect(at.heard('BootNotification')).toEqual([]);
    await at.ask('TriggerMessage', { requestedMessage: 'BootNotification' });
    await at.csms.arrives('BootNotification');
  });
});

test('a connector that breaks ends what it charges, shows its error, and comes back', async () => {
  const station = await at.started();
  station.begin(1, 'T');
  station.faults.breakDown(1, 'GroundFailure');
  await station.settled();
  expect(at.heard('StopTransaction')[0]?.['reason']).toBe('Other');
  expect(await at.ask('RemoteStartTransaction', { idTag: 'T' })).toEqual({ status: 'Rejected' });
  station.faults.breakDown(1, undefined);
  const all = await at.csms.arrives('StatusNotification', 4);
  expect(all.slice(-2)).toMatchObject([
    { status: 'Faulted', errorCode: 'GroundFailure' },
    { status: 'Available', errorCode: 'NoError' },
  ]);
  expect(told()[1]).toBe('Charging');
});

test('a power cut in the middle: ended with PowerLoss at power-up, or carried on', async () => {
  const station = await at.started({ afterPowerLoss: 'resume' });
  station.plugIn(1);
  await station.present(1, 'T');
  await station.settled();
  station.faults.powerOff();
  station.faults.powerOn();
  await station.next('metered', { withinMs: 5_000 });
  expect(at.heard('StopTransaction')).toEqual([]);
  expect(at.heard('StartTransaction')).toHaveLength(1);
});

describe('a make', () => {
  test('fills and garbles its messages, answers otherwise, and lacks keys', async () => {
    const personality = aPersonality({
      about: { chargePointVendor: '', chargePointModel: 'X1', chargeBoxSerialNumber: 'B1' },
      keys: { HeartbeatInterval: undefined },
      sends: { StatusNotification: (payload) => ({ ...payload, errorCode: 'Error' }) },
      text: (text, action) => (action === 'Heartbeat' ? text.replace('{}', '{,}') : text),
      answers: {
        GetLocalListVersion: () => ({ error: 'NotSupported', why: 'no list' }),
        ClearCache: () => ({ result: { status: 'Rejected' } }),
        UnlockConnector: ({ connectorId }) => (connectorId === 2 ? { result: { status: 'NotSupported' } } : undefined),
        Reset: () => 'drop',
      },
    });
    const station = await at.started({ personality, callTimeoutMs: 200 });
    expect(at.heard('BootNotification')[0]).toMatchObject({
      chargePointVendor: '',
      chargePointModel: 'X1',
      chargeBoxSerialNumber: 'B1',
    });
    expect((await at.csms.arrives('StatusNotification'))[0]).toMatchObject({ errorCode: 'Error' });
    expect(await at.ask('GetLocalListVersion')).toEqual([4, expect.any(String), 'NotSupported', 'no list', {}]);
    expect(await at.ask('ClearCache')).toEqual({ status: 'Rejected' });
    expect(await at.ask('UnlockConnector', { connectorId: 1 })).toEqual({ status: 'Unlocked' });
    expect(await at.ask('UnlockConnector', { connectorId: 2 })).toEqual({ status: 'NotSupported' });
    expect(await at.ask('GetConfiguration', { key: ['HeartbeatInterval'] })).toEqual({
      configurationKey: [],
      unknownKey: ['HeartbeatInterval'],
    });
    await station.call('Heartbeat', {});
    expect(at.csms.texts.at(-1)).toMatch(/"Heartbeat",\{,\}\]$/);
    const dropped = station.next('disconnected', { withinMs: 5_000 });
    at.csms.command('Reset', { type: 'Soft' }).catch(() => undefined);
    await dropped;
  });

  test('what is given beside it goes before', async () => {
    const personality = aPersonality({
      about: { chargePointVendor: 'V', firmwareVersion: '9' },
      configuration: { CpoName: 'A' },
    });
    await at.started({ personality, vendor: 'Mine', configuration: { CpoName: 'B' } });
    expect(at.heard('BootNotification')[0]).toMatchObject({ chargePointVendor: 'Mine', firmwareVersion: '9' });
    expect(await at.ask('GetConfiguration', { key: ['CpoName'] })).toMatchObject({
      configurationKey: [{ value: 'B' }],
    });
  });
});
