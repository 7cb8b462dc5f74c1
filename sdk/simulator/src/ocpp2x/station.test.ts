import { describe, expect, test } from 'vitest';
import { stand2x, type Version } from '../../test/stand2x.ts';
import { deliveredWhole, energyWh } from '../ledger.ts';
import { memoryInProcess } from '../memory.ts';
import { aVehicle } from '../physics/vehicle.ts';
import { signedMeter } from '../ocpp16/signed-meter.ts';

type Payload = Record<string, unknown>;
const info = (event: Payload | undefined): Payload => event?.['transactionInfo'] as Payload;
const patient = { withinMs: 20_000 };

describe.each<Version>(['ocpp2.0.1', 'ocpp2.1'])('a station of %s', (version) => {
  const at = stand2x(version);
  const events = (): Payload[] => at.heard('TransactionEvent');
  const registerOf = (event: Payload | undefined): unknown => {
    const values = (event?.['meterValue'] ?? []) as { sampledValue: { value: number }[] }[];
    return values.at(-1)?.sampledValue[0]?.value;
  };

  test('boots, tells its connectors and charges: the wire says what the meter measured', async () => {
    const station = await at.started({ connectors: 2 });
    const entry = await station.charge({ idTag: 'TAG1', stopAfterWh: 3_000 });
    await station.settled();

    expect(at.heard('BootNotification')[0]).toMatchObject({
      reason: 'PowerUp',
      chargingStation: { vendorName: 'Plugga' },
    });
    expect(at.heard('StatusNotification').slice(0, 2)).toMatchObject([
      { evseId: 1, connectorId: 1, connectorStatus: 'Available' },
      { evseId: 2, connectorId: 1, connectorStatus: 'Available' },
    ]);
    expect(at.heard('Authorize')).toEqual([{ idToken: { idToken: 'TAG1', type: 'ISO14443' } }]);
    const [first, ...rest] = events();
    expect(first).toMatchObject({
      eventType: 'Started',
      triggerReason: 'Authorized',
      seqNo: 0,
      idToken: { idToken: 'TAG1' },
      evse: { id: 1, connectorId: 1 },
    });
    expect(registerOf(first)).toBe(1_000);
    expect(rest.at(-1)).toMatchObject({
      eventType: 'Ended',
      triggerReason: 'StopAuthorized',
      transactionInfo: { stoppedReason: 'Local' },
    });
    expect(registerOf(rest.at(-1))).toBe(entry.meterStopWh);
    expect(events().map((event) => event['seqNo'])).toEqual(events().map((_, index) => index));
    expect(new Set(events().map((event) => info(event)['transactionId']))).toEqual(new Set([entry.transactionId]));
    expect(events().filter((event) => event['triggerReason'] === 'MeterValuePeriodic').length).toBeGreaterThan(3);
    expect(energyWh(entry)).toBeGreaterThanOrEqual(3_000);
    expect(deliveredWhole(entry)).toBe(true);
    expect(at.mistakes()).toEqual([]);
  });

  test('what happens without a line is told after it, in order and marked', async () => {
    const station = await at.started();
    station.plugIn(1);
    await station.present(1, 'TAG1');
    await at.csms.arrives('TransactionEvent', 3);
    station.faults.offline();
    await station.next('metered', patient);
    station.end(1, { idTag: 'TAG1' });
    station.faults.online();
    await station.next('stopAnswered', patient);
    // What was on its way when the line broke comes again.
    const numbers = [...new Set(events().map((event) => Number(event['seqNo'])))];
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(events().at(-1)).toMatchObject({ eventType: 'Ended', offline: true });
    expect(events()[0]).not.toHaveProperty('offline');
    expect(at.heard('BootNotification')).toHaveLength(1);
  });

  test('a lost answer to the end makes it say the same again under the same id', async () => {
    const station = await at.started();
    station.plugIn(1);
    await station.present(1, 'TAG1');
    station.faults.loseAnswer('StopTransaction');
    station.end(1);
    await station.settled(patient);
    const ends = at.csms.heard.filter(({ payload }) => payload['eventType'] === 'Ended');
    expect(ends).toHaveLength(2);
    expect(new Set(ends.map(({ id, payload }) => JSON.stringify([id, payload]))).size).toBe(1);
  });

  test('a remote start waits for the plug, carries its number, and is stopped by transaction', async () => {
    const station = await at.started();
    const asked = { idToken: { idToken: 'APP1', type: 'Central' }, remoteStartId: 77, evseId: 1 };
    expect(await at.ask('RequestStartTransaction', asked)).toEqual({ status: 'Accepted' });
    expect(events()).toEqual([]);
    station.plugIn(1);
    await at.csms.arrives('TransactionEvent', 1);
    const [first] = events();
    expect(first).toMatchObject({
      eventType: 'Started',
      triggerReason: 'CablePluggedIn',
      idToken: { idToken: 'APP1', type: 'Central' },
      transactionInfo: { remoteStartId: 77, chargingState: 'Charging' },
    });
    const transactionId = String(info(first)['transactionId']);
    expect(await at.ask('GetTransactionStatus', { transactionId })).toMatchObject({ ongoingIndicator: true });
    expect(await at.ask('RequestStopTransaction', { transactionId: 'NOBODY' })).toEqual({ status: 'Rejected' });
    expect(await at.ask('RequestStopTransaction', { transactionId })).toEqual({ status: 'Accepted' });
    await station.settled(patient);
    expect(events().at(-1)).toMatchObject({
      eventType: 'Ended',
      triggerReason: 'RemoteStop',
      transactionInfo: { stoppedReason: 'Remote' },
    });
    expect(await at.ask('GetTransactionStatus', { transactionId })).toEqual({
      ongoingIndicator: false,
      messagesInQueue: false,
    });
    expect(at.mistakes()).toEqual([]);
  });

  test('TxStartPoint EVConnected begins with the plug, TxStopPoint EVConnected ends with it', async () => {
    const configuration = { 'TxCtrlr.TxStartPoint': 'EVConnected', 'TxCtrlr.TxStopPoint': 'EVConnected' };
    const station = await at.started({ configuration });
    station.plugIn(1);
    await at.csms.arrives('TransactionEvent', 1);
    expect(events()[0]).toMatchObject({ eventType: 'Started', triggerReason: 'CablePluggedIn' });
    expect(events()[0]).not.toHaveProperty('idToken');
    await station.present(1, 'TAG1');
    await at.csms.arrives('TransactionEvent', 3);
    expect(events()[1]).toMatchObject({
      eventType: 'Updated',
      triggerReason: 'Authorized',
      idToken: { idToken: 'TAG1' },
    });
    expect(events()[2]).toMatchObject({ triggerReason: 'ChargingStateChanged' });
    const entry = station.end(1);
    await station.settled(patient);
    expect(events().at(-1)).toMatchObject({ eventType: 'Updated', triggerReason: 'StopAuthorized' });
    station.unplug(1);
    await station.settled(patient);
    expect(events().at(-1)).toMatchObject({ eventType: 'Ended', triggerReason: 'EVCommunicationLost' });
    expect(registerOf(events().at(-1))).toBe(entry.meterStopWh);
    expect(station.ledger).toHaveLength(1);
    expect(at.mistakes()).toEqual([]);
  });

  test('TxStartPoint Authorized begins with the remote start and ends when nobody plugs', async () => {
    const configuration = { 'TxCtrlr.TxStartPoint': 'Authorized', 'TxCtrlr.EVConnectionTimeOut': '1' };
    await at.started({ configuration });
    await at.ask('RequestStartTransaction', { idToken: { idToken: 'APP1', type: 'Central' }, remoteStartId: 7 });
    await at.csms.arrives('TransactionEvent', 2);
    expect(events()).toMatchObject([
      { eventType: 'Started', triggerReason: 'RemoteStart', transactionInfo: { remoteStartId: 7 } },
      { eventType: 'Ended', triggerReason: 'EVConnectTimeout', transactionInfo: { stoppedReason: 'Timeout' } },
    ]);
  });

  test('a token that the CSMS refuses in its answer ends what it began', async () => {
    at.csms.answers['TransactionEvent'] = (event) =>
      event['eventType'] === 'Started' ? { idTokenInfo: { status: 'Blocked' } } : {};
    const station = await at.started();
    station.plugIn(1);
    const entry = station.begin(1, 'BAD');
    await station.settled(patient);
    expect(entry).toMatchObject({ startStatus: 'Blocked', reason: 'DeAuthorized' });
    expect(events().at(-1)).toMatchObject({
      triggerReason: 'Deauthorized',
      transactionInfo: { stoppedReason: 'DeAuthorized' },
    });
  });

  test('a power cut keeps the transaction and ends it at power-up', async () => {
    const station = await at.started({ memory: memoryInProcess() });
    station.plugIn(1, aVehicle());
    await station.present(1, 'TAG1');
    await station.next('metered', patient);
    station.faults.powerOff();
    station.faults.powerOn();
    await station.next('stopAnswered', patient);
    expect(events().at(-1)).toMatchObject({ eventType: 'Ended', transactionInfo: { stoppedReason: 'PowerLoss' } });
    expect(station.ledger.every(deliveredWhole)).toBe(true);
  });

  test('a meter that signs puts begin and end into their events', async () => {
    const meter = signedMeter();
    const station = await at.started({ signedMeter: meter });
    await station.charge({ idTag: 'TAG1', stopAfterWh: 500 });
    await station.settled(patient);
    const signed = events().flatMap((event) =>
      ((event['meterValue'] ?? []) as { sampledValue: Payload[] }[]).flatMap(({ sampledValue }) =>
        sampledValue.flatMap((one) => one['signedMeterValue'] ?? []),
      ),
    ) as { signedMeterData: string; encodingMethod: string }[];
    expect(signed).toHaveLength(2);
    expect(Buffer.from(signed[1]!.signedMeterData, 'base64').toString()).toMatch(/^OCMF\|/);
    expect(at.mistakes()).toEqual([]);
  });

  test('variables are read, set and refused one by one, and a base report comes in parts', async () => {
    await at.started();
    const component = { name: 'SampledDataCtrlr' };
    const variable = { name: 'TxUpdatedInterval' };
    const set = await at.ask('SetVariables', {
      setVariableData: [
        { component, variable, attributeValue: '15' },
        { component, variable, attributeValue: 'often' },
        { component, variable: { name: 'Unheard' }, attributeValue: '1' },
        { component: { name: 'NoSuchCtrlr' }, variable, attributeValue: '1' },
      ],
    });
    const statuses = (set as { setVariableResult: Payload[] }).setVariableResult.map((one) => one['attributeStatus']);
    expect(statuses).toEqual(['Accepted', 'Rejected', 'UnknownVariable', 'UnknownComponent']);
    expect(await at.ask('GetVariables', { getVariableData: [{ component, variable }] })).toMatchObject({
      getVariableResult: [{ attributeStatus: 'Accepted', attributeValue: '15' }],
    });
    expect(await at.ask('GetBaseReport', { requestId: 5, reportBase: 'FullInventory' })).toEqual({
      status: 'Accepted',
    });
    const parts = await at.csms.arrives('NotifyReport', 8);
    const reports = [...parts];
    while (reports.at(-1)?.['tbc'] === true)
      reports.push(...(await at.csms.arrives('NotifyReport', reports.length + 1)).slice(-1));
    expect(reports.map((part) => part['seqNo'])).toEqual(reports.map((_, index) => index));
    expect(at.mistakes()).toEqual([]);
  });

  test('commands are answered as the version says, and what is unknown is NotImplemented', async () => {
    const station = await at.started();
    expect(await at.ask('UnlockConnector', { evseId: 1, connectorId: 1 })).toEqual({ status: 'Unlocked' });
    expect(await at.ask('UnlockConnector', { evseId: 9, connectorId: 1 })).toEqual({ status: 'UnknownConnector' });
    expect(await at.ask('ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 1 } })).toEqual({
      status: 'Accepted',
    });
    await at.csms.arrives('StatusNotification', 2);
    expect(at.heard('StatusNotification').at(-1)).toMatchObject({ connectorStatus: 'Unavailable' });
    await at.ask('ChangeAvailability', { operationalStatus: 'Operative' });
    expect(await at.ask('ClearCache')).toEqual({ status: 'Accepted' });
    expect(await at.ask('DataTransfer', { vendorId: 'Nobody' })).toEqual({ status: 'UnknownVendorId' });
    expect(await at.ask('TriggerMessage', { requestedMessage: 'Heartbeat' })).toEqual({ status: 'Accepted' });
    await at.csms.arrives('Heartbeat', 1);
    expect(await at.ask('Juggle')).toContain('NotImplemented');
    const booted = station.next('booted', patient);
    expect(await at.ask('Reset', { type: 'Immediate' })).toEqual({ status: 'Accepted' });
    await booted;
    expect(at.heard('BootNotification').at(-1)).toMatchObject({ reason: 'RemoteReset' });
    expect(at.mistakes()).toEqual([]);
  });

  test('a reset on idle waits for the transaction', async () => {
    const station = await at.started();
    station.plugIn(1);
    await station.present(1, 'TAG1');
    expect(await at.ask('Reset', { type: 'OnIdle' })).toEqual({ status: 'Scheduled' });
    expect(at.heard('BootNotification')).toHaveLength(1);
    station.end(1);
    await at.csms.arrives('BootNotification', 2);
  });
});
