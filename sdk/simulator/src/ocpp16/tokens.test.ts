import { describe, expect, test } from 'vitest';
import { stationTime } from '../../test/pace.ts';
import { stand } from '../../test/stand.ts';
import { memoryInProcess } from '../memory.ts';
import { aVehicle } from '../physics/vehicle.ts';

const at = stand();
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const tag = (idTag: string, status = 'Accepted', more: Record<string, unknown> = {}) => ({
  idTag,
  idTagInfo: { status, ...more },
});

describe('the local list', () => {
  test('judges offline, and survives a power cut with its version', async () => {
    const memory = memoryInProcess();
    const station = await at.started({ memory, configuration: { AllowOfflineTxForUnknownId: 'false' } });
    const list = [tag('GOOD'), tag('BAD', 'Blocked'), tag('OLD', 'Accepted', { expiryDate: '2020-01-01T00:00:00Z' })];
    expect(await at.ask('SendLocalList', { listVersion: 4, updateType: 'Full', localAuthorizationList: list })).toEqual(
      {
        status: 'Accepted',
      },
    );
    expect(await at.ask('GetLocalListVersion')).toEqual({ listVersion: 4 });
    station.faults.powerOff();
    const again = at.station({ memory, configuration: { AllowOfflineTxForUnknownId: 'false' } });
    expect(again.localListVersion).toBe(4);
    const said = [];
    for (const token of ['good', 'BAD', 'OLD', 'UNKNOWN']) said.push(await again.present(1, token));
    expect(said).toEqual(['Accepted', 'Blocked', 'Expired', 'Invalid']);
  });

  test('with LocalPreAuthorize an accepted token starts without a question, a refused one is asked about', async () => {
    const station = await at.started({ configuration: { LocalPreAuthorize: 'true' } });
    const list = [tag('GOOD'), tag('BAD', 'Blocked')];
    await at.ask('SendLocalList', { listVersion: 1, updateType: 'Full', localAuthorizationList: list });
    station.plugIn(1);
    expect(await station.present(1, 'GOOD')).toBe('Accepted');
    expect(await station.present(1, 'BAD')).toBe('Accepted');
    expect(at.heard('Authorize')).toEqual([{ idTag: 'BAD' }]);
  });
});

describe('the cache', () => {
  test('learns from every answer, is good offline, and is cleared', async () => {
    at.csms.answers['StartTransaction'] = () => ({ transactionId: 1, idTagInfo: { status: 'Accepted' } });
    const station = await at.started({ configuration: { AllowOfflineTxForUnknownId: 'false' } });
    station.begin(1, 'STARTED');
    station.end(1);
    await station.settled();
    at.csms.answers['Authorize'] = () => ({ idTagInfo: { status: 'Blocked' } });
    await station.present(1, 'ASKED');
    station.faults.offline();
    expect([await station.present(1, 'STARTED'), await station.present(1, 'ASKED')]).toEqual(['Accepted', 'Blocked']);
    const booted = station.next('connected', { withinMs: 5_000 });
    station.faults.online();
    await booted;
    expect(await at.ask('ClearCache')).toEqual({ status: 'Accepted' });
    station.faults.offline();
    expect(await station.present(1, 'STARTED')).toBe('Invalid');
  });

  test('switched off it learns nothing and cannot be cleared', async () => {
    const station = await at.started({
      configuration: { AuthorizationCacheEnabled: 'false', AllowOfflineTxForUnknownId: 'false' },
    });
    await station.present(1, 'T');
    expect(await at.ask('ClearCache')).toEqual({ status: 'Rejected' });
    station.faults.offline();
    expect(await station.present(1, 'T')).toBe('Invalid');
  });
});

describe('reservations', () => {
  const reserve = (reservationId: number, connectorId: number, more: Record<string, unknown> = {}) =>
    at.ask('ReserveNow', { reservationId, connectorId, idTag: 'MINE', expiryDate: inAnHour(), ...more });

  test('a reserved connector is shown, refuses others, and its own start carries the number', async () => {
    const station = await at.started();
    expect(await reserve(7, 1)).toEqual({ status: 'Accepted' });
    expect((await at.csms.arrives('StatusNotification', 2)).at(-1)).toMatchObject({
      connectorId: 1,
      status: 'Reserved',
    });
    expect(await at.ask('RemoteStartTransaction', { idTag: 'OTHER' })).toEqual({ status: 'Rejected' });
    station.plugIn(1);
    expect(await station.present(1, 'OTHER')).toBe('Reserved');
    expect(at.heard('StartTransaction')).toEqual([]);
    expect(await station.present(1, 'mine')).toBe('Accepted');
    expect((await at.csms.arrives('StartTransaction'))[0]).toMatchObject({ reservationId: 7 });
    expect(await at.ask('CancelReservation', { reservationId: 7 })).toEqual({ status: 'Rejected' });
  });

  test('a token of the same parent may use it', async () => {
    at.csms.answers['Authorize'] = () => ({ idTagInfo: { status: 'Accepted', parentIdTag: 'FAMILY' } });
    const station = await at.started();
    await reserve(7, 1, { parentIdTag: 'FAMILY' });
    station.plugIn(1);
    await station.present(1, 'SISTER');
    expect((await at.csms.arrives('StartTransaction'))[0]).toMatchObject({ idTag: 'SISTER', reservationId: 7 });
  });

  test('it ends when it expires or is cancelled, and the connector is free again', async () => {
    const station = await at.started();
    const free = () =>
      station.next('status', { withinMs: 5_000, where: (event) => event.status === 'Available', step: 'free again' });
    const expired = free();
    expect(await reserve(1, 1, { expiryDate: stationTime(60) })).toEqual({ status: 'Accepted' });
    await expired;
    await reserve(2, 1);
    const cancelled = free();
    expect(await at.ask('CancelReservation', { reservationId: 2 })).toEqual({ status: 'Accepted' });
    await cancelled;
  });

  test('the answer says why there is none', async () => {
    const station = await at.started({ connectors: 2 });
    station.plugIn(1, aVehicle());
    expect(await reserve(1, 1)).toEqual({ status: 'Occupied' });
    expect(await reserve(1, 5)).toEqual({ status: 'Rejected' });
    expect(await reserve(1, 2, { expiryDate: '2020-01-01T00:00:00Z' })).toEqual({ status: 'Rejected' });
    await at.ask('ChangeAvailability', { connectorId: 2, type: 'Inoperative' });
    expect(await reserve(1, 2)).toEqual({ status: 'Unavailable' });
    await at.ask('ChangeAvailability', { connectorId: 2, type: 'Operative' });
    station.faults.breakDown(2, 'GroundFailure');
    expect(await reserve(1, 2)).toEqual({ status: 'Faulted' });
    station.faults.breakDown(2, undefined);
    expect(await reserve(1, 2)).toEqual({ status: 'Accepted' });
    expect(await reserve(2, 2)).toEqual({ status: 'Occupied' });
    // The same number again moves it.
    expect(await reserve(1, 2, { idTag: 'THEIRS' })).toEqual({ status: 'Accepted' });
  });

  test('a reservation of connector 0 keeps one connector free, whichever', async () => {
    const station = await at.started({ connectors: 2 });
    expect(await reserve(9, 0)).toEqual({ status: 'Accepted' });
    expect(await at.ask('RemoteStartTransaction', { idTag: 'FIRST', connectorId: 1 })).toEqual({ status: 'Accepted' });
    station.plugIn(1);
    await at.csms.arrives('StartTransaction');
    expect(await at.ask('RemoteStartTransaction', { idTag: 'SECOND', connectorId: 2 })).toEqual({ status: 'Rejected' });
    station.plugIn(2);
    await station.present(2, 'MINE');
    expect((await at.csms.arrives('StartTransaction', 2))[1]).toMatchObject({ connectorId: 2, reservationId: 9 });
  });

  test('where connector 0 cannot be reserved it is rejected', async () => {
    await at.started({ configuration: { ReserveConnectorZeroSupported: 'false' } });
    expect(await reserve(9, 0)).toEqual({ status: 'Rejected' });
  });
});
