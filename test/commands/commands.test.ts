import { ocpp16 } from '@plugga/ocpp16';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, type Api } from '../e2e/api.ts';
import { answeringStation, type AnsweringStation } from './answering-station.ts';
import { settledCommand } from './settled-command.ts';

let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];
const tokens: Record<string, string> = {};

beforeAll(async () => {
  platform = await startPlatform({ adapters: [ocpp16], env: { PLUGGA_ONBOARDING: 'open' } });
  operator = api(platform.url, platform.adminKey);
  for (const value of ['DRIVERONE0000001', 'DRIVERTWO0000002'])
    tokens[value] = (await operator.post<{ id: string }>('tokens', { type: 'RFID', value })).id;
}, 60_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
});

const connect = async (identity: string): Promise<AnsweringStation> => {
  const station = await answeringStation(`${platform.wsUrl}/${identity}`);
  stations.push(station);
  return station;
};
interface Command {
  readonly id: string;
  readonly status: string;
  readonly detail: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly payload: Readonly<Record<string, unknown>>;
}
const ask = (identity: string, command: object): Promise<Command> =>
  operator.post<Command>(`stations/${identity}/commands`, command);
/** The command when it has an answer. */
const done = async (identity: string, command: object): Promise<Command> => {
  const { id } = await ask(identity, command);
  return settledCommand<Command>(operator, identity, id);
};

describe('the local list of a station', () => {
  test('is sent whole, then as what has changed, and whole again when the station has another version', async () => {
    const station = await connect('LIST-1');
    let version = 0;
    const lists: unknown[] = [];
    station.replies = {
      GetConfiguration: { configurationKey: [], unknownKey: [] },
      GetLocalListVersion: () => ({ listVersion: version }),
      SendLocalList: (payload) => {
        version = payload['listVersion'] as number;
        const list = payload['localAuthorizationList'] as { idTag: string; idTagInfo?: { status: string } }[];
        lists.push([
          payload['updateType'],
          version,
          ...list.map((it) => `${it.idTag} ${it.idTagInfo?.status ?? 'off'}`),
        ]);
        return { status: 'Accepted' };
      },
    };
    const [one, two] = ['DRIVERONE0000001', 'DRIVERTWO0000002'];
    expect(await done('LIST-1', { type: 'writeLocalList' })).toMatchObject({
      status: 'accepted',
      result: { localListVersion: 1 },
    });
    await operator.patch(`tokens/${tokens[two!]}`, { status: 'blocked' });
    await done('LIST-1', { type: 'writeLocalList' });
    await done('LIST-1', { type: 'writeLocalList', tokens: [tokens[one!]] });
    version = 40;
    await done('LIST-1', { type: 'writeLocalList', tokens: [tokens[one!]] });
    expect(lists).toEqual([
      ['Full', 1, `${one} Accepted`, `${two} Accepted`],
      ['Differential', 2, `${two} Blocked`],
      ['Differential', 3, `${two} off`],
      ['Full', 41, `${one} Accepted`],
    ]);
    await operator.patch(`tokens/${tokens[two!]}`, { status: 'accepted' });
  });
});

describe('a reservation', () => {
  test('is taken with a number of ours, cancelled by it, and told to the log', async () => {
    const station = await connect('RES-1');
    const expiresAt = new Date(Date.now() + 600_000).toISOString();
    const made = await done('RES-1', { type: 'reserve', evse: 1, token: 'DRIVERONE0000001', expiresAt });
    expect(made.status).toBe('accepted');
    const { reservation } = made.payload;
    expect(await station.called('ReserveNow')).toEqual({
      connectorId: 1,
      expiryDate: expiresAt,
      idTag: 'DRIVERONE0000001',
      reservationId: reservation,
    });
    expect(JSON.stringify(made)).not.toContain('DRIVERONE0000001');
    await done('RES-1', { type: 'cancelReservation', reservation });
    expect(await station.called('CancelReservation')).toEqual({ reservationId: reservation });
  });

  test.each([
    [{ type: 'reserve', evse: 1, token: 'DRIVERONE0000001', expiresAt: '2020-01-01T00:00:00Z' }, 400, 'future'],
    [{ type: 'reserve', evse: 1, token: 'NOBODY', expiresAt: '2099-01-01T00:00:00Z' }, 404, 'no such token'],
    [{ type: 'writeLocalList', tokens: ['nobody'] }, 404, 'no token'],
    [{ type: 'getDiagnostics', url: 'gopher://example.org/' }, 400, 'http, https'],
    [
      {
        type: 'getLog',
        log: 'security',
        url: 'https://a.example/',
        from: '2026-01-02T00:00:00Z',
        until: '2026-01-01T00:00:00Z',
      },
      400,
      'earlier',
    ],
    [{ type: 'installCertificate', use: 'csmsRoot', certificate: 'not a PEM' }, 400, 'certificate'],
    [{ type: 'setProfile', evse: 1, profile: { id: 1, purpose: 'tx', kind: 'absolute' } }, 400, 'schedule'],
    [{ type: 'compositeSchedule', evse: 1, seconds: 0 }, 400, 'seconds'],
  ])('%j is refused with a reason', async (command, status, reason) => {
    const response = await operator.raw('POST', 'stations/RES-1/commands', command);
    expect(response.status).toBe(status);
    expect(JSON.stringify(await response.json())).toContain(reason);
  });
});

test('what a station must refuse is not sent, and the command says why', async () => {
  const station = await connect('SMART-1');
  const schedule = { unit: 'A', periods: [{ start: 0, limit: 10 }] };
  const profile = { id: 5, purpose: 'txDefault', kind: 'absolute', stackLevel: 0, schedule };
  expect(await done('SMART-1', { type: 'setProfile', evse: 1, profile })).toMatchObject({
    status: 'rejected',
    detail: 'not sent: an absolute schedule needs its start',
  });
  const started = { ...schedule, start: '2026-01-05T12:00:00Z' };
  const ok = await done('SMART-1', { type: 'setProfile', evse: 1, profile: { ...profile, schedule: started } });
  expect(ok.status).toBe('accepted');
  expect(await done('SMART-1', { type: 'limit', watts: 11_000 })).toMatchObject({ status: 'accepted' });
  expect(station.calls.map(([action]) => action)).toEqual(['SetChargingProfile', 'SetChargingProfile']);
});

test('an answer that carries more than a status is shown with the command', async () => {
  const station = await connect('ANSWERS-1');
  station.replies = {
    GetDiagnostics: { fileName: 'diag.zip' },
    DataTransfer: { status: 'Accepted', data: '{"ok":true}' },
    ClearCache: 'NotImplemented',
  };
  const url = 'ftp://files.example.org/in/';
  expect(await done('ANSWERS-1', { type: 'getDiagnostics', url })).toMatchObject({ result: { fileName: 'diag.zip' } });
  expect(await done('ANSWERS-1', { type: 'dataTransfer', vendorId: 'org.example' })).toMatchObject({
    result: { data: '{"ok":true}' },
  });
  expect(await done('ANSWERS-1', { type: 'clearCache' })).toMatchObject({
    status: 'rejected',
    detail: 'NotImplemented',
  });
});
