import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { leapingClock, type PlatformTest, startPlatform, testDatabase } from '@plugga/testing';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { api, type Api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { answeringStation, type AnsweringStation } from './answering-station.ts';
import { settledCommand } from './settled-command.ts';

// Longer than any of its waits, which name what stalled.
vi.setConfig({ testTimeout: 90_000 });

const clock = leapingClock();
let database: Awaited<ReturnType<typeof testDatabase>>;
let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];

beforeAll(async () => {
  database = await testDatabase('network');
  platform = await startPlatform({
    ...{ adapters: [ocpp201, ocpp21], clock },
    env: { PLUGGA_ONBOARDING: 'open', DATABASE_URL: database.url },
  });
  operator = api(platform.url, platform.adminKey);
}, 60_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
  await database.drop();
});

interface Command {
  readonly id: string;
  readonly status: string;
  readonly detail: string | null;
  readonly effect: string | null;
  readonly effectState: string | null;
}
interface Named {
  readonly component: { readonly name: string };
  readonly variable: { readonly name: string };
  readonly attributeValue?: string;
}
const nameOf = ({ component, variable }: Named): string => `${component.name}/${variable.name}`;
const ORDER = 'OCPPCommCtrlr/NetworkConfigurationPriority';
const ACTIVE = 'OCPPCommCtrlr/ActiveNetworkProfile';

/** A station with slots: what it is set to, and which it is on. */
interface Slots {
  readonly variables: Record<string, string>;
  /** Starts anew and dials; `host` is where it thinks it dials. */
  dial(o?: { readonly host?: string }): Promise<AnsweringStation>;
}
const withSlots = async (
  identity: string,
  protocol: 'ocpp2.0.1' | 'ocpp2.1',
  has: Readonly<Record<string, string>> = {},
  replies: AnsweringStation['replies'] = {},
): Promise<Slots & { readonly first: AnsweringStation }> => {
  const variables: Record<string, string> = { [ORDER]: '1', [ACTIVE]: '1', ...has };
  const dial: Slots['dial'] = async ({ host } = {}) => {
    const station = await answeringStation(`${platform.wsUrl}/${identity}`, {
      protocol,
      ...(host === undefined ? {} : { host }),
      replies: {
        GetVariables: ({ getVariableData }) => ({
          getVariableResult: (getVariableData as Named[]).map((it) => {
            const value = variables[nameOf(it)];
            return value === undefined
              ? { ...it, attributeStatus: 'UnknownVariable' }
              : { ...it, attributeStatus: 'Accepted', attributeValue: value };
          }),
        }),
        SetVariables: ({ setVariableData }) => ({
          setVariableResult: (setVariableData as Named[]).map(({ attributeValue, ...it }) => {
            variables[nameOf(it as Named)] = String(attributeValue);
            return { ...it, attributeStatus: 'RebootRequired' };
          }),
        }),
        ...replies,
      },
    });
    stations.push(station);
    return station;
  };
  return { variables, dial, first: await dial() };
};

const profile = { url: 'wss://csms.example/ocpp', securityProfile: 1, interface: 'Wired0' };
const ask = async (identity: string, command: object): Promise<Command> => {
  const { id } = await operator.post<Command>(`stations/${identity}/commands`, command);
  return settledCommand<Command>(operator, identity, id);
};
const effectOf = (identity: string, { id }: Command, state: string): Promise<Command> =>
  eventually(`the effect of the command ${id} to be ${state}`, 20_000, async () => {
    const now = await operator.get<Command>(`stations/${identity}/commands/${id}`);
    expect(now.effectState).toBe(state);
    return now;
  });
const orderIs = (slots: Slots, order: string): Promise<void> =>
  eventually(`the order ${order}`, 20_000, () => Promise.resolve(expect(slots.variables[ORDER]).toBe(order)));

test.each(['ocpp2.0.1', 'ocpp2.1'] as const)(
  'a station of %s is moved with its old profile behind the new, which is dropped once it has come',
  async (protocol) => {
    const identity = `MOVES-${protocol.replaceAll('.', '-')}-${stations.length}`;
    const slots = await withSlots(identity, protocol, { [ORDER]: '1,3' });
    const command = await effectOf(
      identity,
      await ask(identity, { type: 'moveNetwork', profile, drop: true }),
      'awaited',
    );
    expect(command).toMatchObject({ status: 'accepted' });
    expect(slots.first.calls.map(([action]) => action)).toEqual([
      ...['GetVariables', 'SetNetworkProfile', 'SetVariables', 'Reset'],
    ]);
    expect(await slots.first.called('SetNetworkProfile')).toMatchObject({
      configurationSlot: 2,
      connectionData: { ocppCsmsUrl: profile.url, securityProfile: 1, ocppInterface: 'Wired0', ocppTransport: 'JSON' },
    });
    expect(slots.variables[ORDER]).toBe('2,1,3');
    slots.variables[ACTIVE] = '2';
    await slots.dial();
    expect(await effectOf(identity, command, 'seen')).toMatchObject({ status: 'done', effect: 'connected by slot 2' });
    expect(slots.variables[ORDER]).toBe('2,3');
  },
);

test('one that comes back by the old profile is told of, and its order is put back', async () => {
  const slots = await withSlots('FALLS-BACK', 'ocpp2.0.1');
  const command = await ask('FALLS-BACK', { type: 'moveNetwork', profile });
  expect(slots.variables[ORDER]).toBe('2,1');
  await slots.dial();
  const { effect, status } = await effectOf('FALLS-BACK', command, 'unseen');
  expect([status, effect]).toEqual([
    'accepted',
    'it is on slot 1 still, or again; the order of its profiles is put back',
  ]);
  expect(slots.variables[ORDER]).toBe('1');
});

test('one that does not start anew in time has its order put back; one that is away, when it comes', async () => {
  const stays = await withSlots('STAYS', 'ocpp2.0.1');
  const away = await withSlots('AWAY', 'ocpp2.0.1');
  const move = { type: 'moveNetwork', profile, withinSeconds: 600 };
  const [stayed, left] = [await ask('STAYS', move), await ask('AWAY', move)];
  await away.first.close();
  await eventually('it to be away', 20_000, async () =>
    expect(await operator.get('stations/AWAY')).toMatchObject({ online: false }),
  );
  clock.leap(601_000);
  await orderIs(stays, '1');
  await effectOf('STAYS', stayed, 'unseen');
  expect(await effectOf('AWAY', left, 'unseen')).toMatchObject({ effect: 'it has not come in time' });
  expect(away.variables[ORDER]).toBe('2,1');
  await away.dial();
  await orderIs(away, '1');
});

test('a station that does not tell its slot is known by where it dialled', async () => {
  const slots = await withSlots('BY-HOST', 'ocpp2.0.1');
  delete slots.variables[ACTIVE];
  const back = await ask('BY-HOST', { type: 'moveNetwork', profile });
  await slots.dial();
  await effectOf('BY-HOST', back, 'unseen');
  await orderIs(slots, '1');
  const command = await ask('BY-HOST', { type: 'moveNetwork', profile });
  await slots.dial({ host: 'csms.example' });
  await effectOf('BY-HOST', command, 'seen');
  expect(slots.variables[ORDER]).toBe('2,1');
});

test('nothing is changed where there would be nothing to fall back to, and what was is put back where it does not start anew', async () => {
  const slots = await withSlots('REFUSES', 'ocpp2.0.1', { [ORDER]: '1,2,3' }, { Reset: { status: 'Rejected' } });
  const tried = async (more: object) => ask('REFUSES', { type: 'moveNetwork', profile, ...more });
  expect(await tried({})).toMatchObject({ status: 'rejected', detail: expect.stringContaining('no slot is free') });
  expect(await tried({ slot: 3 })).toMatchObject({ status: 'rejected', detail: expect.stringContaining('in use') });
  expect(slots.first.calls.filter(([action]) => action !== 'GetVariables')).toEqual([]);
  expect(await tried({ slot: 4 })).toMatchObject({
    status: 'rejected',
    detail: 'the station does not start anew: Rejected',
  });
  expect(slots.variables[ORDER]).toBe('1,2,3');
  slots.first.replies['SetNetworkProfile'] = { status: 'Failed' };
  expect(await tried({ slot: 4 })).toMatchObject({ status: 'rejected', detail: 'Failed' });
  expect(slots.variables[ORDER]).toBe('1,2,3');
});

test('a higher security profile is another network profile in 2.x, and must be one over TLS', async () => {
  const slots = await withSlots('RAISED', 'ocpp2.1');
  expect(await ask('RAISED', { type: 'raiseProfile', securityProfile: 2 })).toMatchObject({
    status: 'rejected',
    detail: expect.stringContaining('wss://'),
  });
  const url = 'wss://csms.example/ocpp';
  const command = await ask('RAISED', { type: 'raiseProfile', securityProfile: 2, url });
  expect(await slots.first.called('SetNetworkProfile')).toMatchObject({
    connectionData: { ocppCsmsUrl: url, securityProfile: 2, ocppInterface: 'Any' },
  });
  // The new one is not reached.
  await slots.dial();
  await effectOf('RAISED', command, 'unseen');
  await orderIs(slots, '1');
  expect(await operator.get('stations/RAISED')).toMatchObject({ credentials: { securityProfile: 0 } });
});

test('passwords of networks reach the station, and nobody else', async () => {
  const slots = await withSlots('SECRETS', 'ocpp2.1');
  const secrets = {
    password: 'secret-of-basic-auth',
    apn: 'secret-of-the-apn',
    vpn: 'secret-of-the-vpn',
    key: 'shared-secret',
  };
  const whole = {
    ...profile,
    password: secrets.password,
    apn: { apn: 'internet', user: 'u', password: secrets.apn, simPin: 73_519_264, authentication: 'PAP' },
    vpn: { server: 'vpn.example', user: 'u', password: secrets.vpn, sharedKey: secrets.key, type: 'IPSec' },
  };
  await ask('SECRETS', { type: 'setNetworkProfile', slot: 4, profile: whole });
  expect(await slots.first.called('SetNetworkProfile')).toMatchObject({
    connectionData: {
      basicAuthPassword: secrets.password,
      apn: { apnPassword: secrets.apn, simPin: 73_519_264 },
      vpn: { password: secrets.vpn, key: secrets.key },
    },
  });
  const vpn = { server: 'vpn.example', user: 'u', password: secrets.vpn, key: secrets.key, type: 'IPSec' };
  const payload = { configurationSlot: 4, connectionData: { vpn } };
  await operator.post('stations/SECRETS/calls', { action: 'SetNetworkProfile', payload });

  const pool = new Pool({ connectionString: database.url, max: 1 });
  const rows = async (sql: string) => JSON.stringify((await pool.query(sql)).rows);
  await eventually('the frames to be kept', 20_000, async () => {
    const frames = await rows(`select convert_from(bytes, 'utf8') as text from frame.raw where direction = 'out'`);
    expect(frames.match(/SetNetworkProfile/g)?.length).toBeGreaterThanOrEqual(2);
    expect(frames).toContain('vpn.example');
    for (const secret of [...Object.values(secrets), '73519264']) expect(frames).not.toContain(secret);
  });
  for (const table of ['core.command_row', 'core.event_log', 'core.audit', 'core.idempotency'])
    for (const secret of [...Object.values(secrets), '73519264'])
      expect(await rows(`select * from ${table}`), table).not.toContain(secret);
  await pool.end();
});
