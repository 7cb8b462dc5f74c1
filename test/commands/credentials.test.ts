import { ocpp16 } from '@plugga/ocpp16';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { type PlatformTest, startPlatform, testDatabase } from '@plugga/testing';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api, type Api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { answeringStation, type AnsweringStation } from './answering-station.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];
beforeAll(async () => {
  database = await testDatabase('credentials');
  platform = await startPlatform({ adapters: [ocpp16, ocpp201, ocpp21], env: { DATABASE_URL: database.url } });
  operator = api(platform.url, platform.adminKey);
}, 60_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
  await database.drop();
});

const basic = (identity: string, key: string | Buffer): string =>
  `Basic ${Buffer.concat([Buffer.from(`${identity}:`), Buffer.from(key as Buffer)]).toString('base64')}`;
const connect = async (
  identity: string,
  key: string | Buffer,
  protocol: 'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1' = 'ocpp1.6',
): Promise<AnsweringStation> => {
  const o = { authorization: basic(identity, key), protocol };
  const station = await answeringStation(`${platform.wsUrl}/${identity}`, o);
  stations.push(station);
  return station;
};
interface Command {
  readonly id: string;
  readonly status: string;
  readonly detail: string | null;
  readonly effectState: string | null;
}
const look = (identity: string, id: string): Promise<Command> => operator.get(`stations/${identity}/commands/${id}`);
const ask = (identity: string, command: object): Promise<Command> =>
  operator.post(`stations/${identity}/commands`, command);
const made = async (identity: string): Promise<string> =>
  (await operator.post<{ key: string }>('stations', { identity })).key;

test('a station gets another key, comes with it as raw bytes, and its old one is worth nothing', async () => {
  const old = await made('ROTATE-1');
  const station = await connect('ROTATE-1', old);
  const { id } = await ask('ROTATE-1', { type: 'rotateKey' });
  const { key: name, value } = await station.called('ChangeConfiguration');
  expect(name).toBe('AuthorizationKey');
  expect(value).toMatch(/^[0-9a-f]{40}$/);
  await eventually('the command to wait for the station', 10_000, async () =>
    expect((await look('ROTATE-1', id)).effectState).toBe('awaited'),
  );
  // Its own key is good until it has come with the new one.
  await (await connect('ROTATE-1', old)).close();
  const again = await connect('ROTATE-1', Buffer.from(String(value), 'hex'));
  await eventually('the new key to be seen', 10_000, async () =>
    expect(await look('ROTATE-1', id)).toMatchObject({ status: 'done', effectState: 'seen' }),
  );
  expect(await operator.all('security?station=ROTATE-1&kind=KeyRenewed')).toHaveLength(1);
  await again.close();
  await expect(connect('ROTATE-1', old)).rejects.toThrow('401');
  await (await connect('ROTATE-1', String(value))).close();

  await isNowhere(String(value), 'AuthorizationKey');
});

/** The frame is kept under that name, and the secret in nothing. */
async function isNowhere(secret: string, name: string): Promise<void> {
  const pool = new Pool({ connectionString: database.url, max: 1 });
  const rows = async (sql: string) => JSON.stringify((await pool.query(sql)).rows);
  await eventually('the frame to be kept', 20_000, async () => {
    const frames = await rows(`select convert_from(bytes, 'utf8') as text from frame.raw where direction = 'out'`);
    expect(frames).toContain(name);
    expect(frames).not.toContain(secret);
  });
  for (const table of ['core.command_row', 'core.event_log', 'core.audit', 'core.station_row', 'core.variable'])
    expect(await rows(`select * from ${table}`), table).not.toContain(secret);
  await pool.end();
}

test.each(['ocpp2.0.1', 'ocpp2.1'] as const)(
  'a station of %s gets another key by its variable, and comes with it as text',
  { timeout: 60_000 },
  async (protocol) => {
    const identity = `ROTATE-${protocol.replaceAll('.', '-')}`;
    const old = await made(identity);
    const station = await connect(identity, old, protocol);
    const password = { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' } };
    station.replies = { SetVariables: { setVariableResult: [{ ...password, attributeStatus: 'Rejected' }] } };
    const refused = await ask(identity, { type: 'rotateKey' });
    const asked = async () =>
      (await station.called('SetVariables'))['setVariableData'] as readonly { readonly attributeValue: string }[];
    const [never] = await asked();
    await eventually('the refusal', 20_000, async () =>
      expect((await look(identity, refused.id)).status).toBe('rejected'),
    );
    station.replies = { SetVariables: { setVariableResult: [{ ...password, attributeStatus: 'RebootRequired' }] } };
    const { id } = await ask(identity, { type: 'rotateKey' });
    const [told] = await asked();
    expect(told).toMatchObject({ ...password, attributeValue: expect.stringMatching(/^[0-9a-f]{40}$/) });
    await eventually('the command to wait for the station', 20_000, async () =>
      expect((await look(identity, id)).effectState).toBe('awaited'),
    );
    await station.close();
    await expect(connect(identity, never!.attributeValue, protocol)).rejects.toThrow('401');
    await (await connect(identity, told!.attributeValue, protocol)).close();
    await eventually('the new key to be seen', 20_000, async () =>
      expect(await look(identity, id)).toMatchObject({ status: 'done', effectState: 'seen' }),
    );
    await expect(connect(identity, old, protocol)).rejects.toThrow('401');
    for (const { attributeValue } of [never!, told!]) await isNowhere(attributeValue, 'BasicAuthPassword');
  },
);

test('a key that the station refuses is not one of its keys', async () => {
  const old = await made('ROTATE-2');
  const station = await connect('ROTATE-2', old);
  station.replies = { ChangeConfiguration: { status: 'NotSupported' } };
  const { id } = await ask('ROTATE-2', { type: 'rotateKey' });
  const { value } = await station.called('ChangeConfiguration');
  await eventually('the refusal', 10_000, async () => expect((await look('ROTATE-2', id)).status).toBe('rejected'));
  await station.close();
  await expect(connect('ROTATE-2', String(value))).rejects.toThrow('401');
  await connect('ROTATE-2', old);
});

test('a key whose answer was lost is as good as the old one', async () => {
  const old = await made('ROTATE-3');
  const station = await connect('ROTATE-3', old);
  station.replies = { ChangeConfiguration: 'silent' };
  await ask('ROTATE-3', { type: 'rotateKey' });
  const { value } = await station.called('ChangeConfiguration');
  await station.close();
  await (await connect('ROTATE-3', old)).close();
  await (await connect('ROTATE-3', String(value))).close();
  await expect(connect('ROTATE-3', old)).rejects.toThrow('401');
});

test('a profile is only raised, and neither it nor the key is written as another variable', async () => {
  const key = await made('RAISE-1');
  const station = await connect('RAISE-1', key);
  const refused = async (command: object, status: number, reason: string) => {
    const response = await operator.raw('POST', 'stations/RAISE-1/commands', command);
    expect(response.status).toBe(status);
    expect(JSON.stringify(await response.json())).toContain(reason);
  };
  await refused({ type: 'raiseProfile', securityProfile: 1 }, 409, 'only raised');
  await refused({ type: 'writeVariables', values: { AuthorizationKey: 'x' } }, 400, 'rotateKey');
  for (const name of [
    'SecurityCtrlr/BasicAuthPassword',
    ' securityctrlr/BasicAuthPassword@1.1#Target',
    'SecurityCtrlr.a/BasicAuthPassword.b',
  ])
    await refused({ type: 'writeVariables', values: { [name]: 'x' } }, 400, 'rotateKey');
  await refused({ type: 'writeVariables', values: { securityprofile: '2' } }, 400, 'raiseProfile');
  await ask('RAISE-1', { type: 'raiseProfile', securityProfile: 2 });
  expect(await station.called('ChangeConfiguration')).toEqual({ key: 'SecurityProfile', value: '2' });
  await station.close();
  // Without TLS it still comes by the profile that it has.
  await connect('RAISE-1', key);
  expect(await operator.get('stations/RAISE-1')).toMatchObject({ credentials: { securityProfile: 1 } });
});
