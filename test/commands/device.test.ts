import { ocpp16 } from '@plugga/ocpp16';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, type Api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { answeringStation, type AnsweringStation } from './answering-station.ts';
import { settledCommand } from './settled-command.ts';

let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];

beforeAll(async () => {
  platform = await startPlatform({ adapters: [ocpp16], env: { PLUGGA_ONBOARDING: 'open' } });
  operator = api(platform.url, platform.adminKey);
}, 60_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
});

interface Device {
  readonly template: { readonly name: string } | null;
  readonly drifted: number;
  readonly drift: readonly {
    readonly name: string;
    readonly has: string | null;
    readonly state: string;
    readonly written: { readonly status: string } | null;
  }[];
  readonly capabilities: Readonly<Record<string, unknown>>;
}
interface Applied {
  readonly station: string;
  readonly command: string | null;
  readonly values: Readonly<Record<string, string>>;
}

/** A station with configuration keys: some readonly, some that need a boot, some taken and cut to what it can. */
const withKeys = async (identity: string, keys: Record<string, { value: string; readonly?: boolean }>) => {
  const station = await answeringStation(`${platform.wsUrl}/${identity}`);
  stations.push(station);
  station.replies = {
    GetConfiguration: ({ key }) => {
      const asked = (key as string[] | undefined) ?? Object.keys(keys);
      return {
        configurationKey: asked.filter((it) => it in keys).map((it) => ({ key: it, readonly: false, ...keys[it] })),
        unknownKey: asked.filter((it) => !(it in keys)),
      };
    },
    ChangeConfiguration: ({ key, value }) => {
      const known = keys[key as string];
      if (known === undefined) return { status: 'NotSupported' };
      if (known.readonly === true || value === 'bad') return { status: 'Rejected' };
      if (key === 'ConnectionTimeOut') return { status: 'RebootRequired' };
      known.value = key === 'MeterValueSampleInterval' ? String(Math.max(30, Number(value))) : String(value);
      return { status: 'Accepted' };
    },
  };
  return station;
};
const deviceOf = (identity: string): Promise<Device> => operator.get<Device>(`stations/${identity}/device`);
const statesOf = ({ drift }: Device) => Object.fromEntries(drift.map(({ name, state }) => [name, state]));
const settled = (identity: string, id: string) =>
  settledCommand<{ readonly status: string; readonly detail: string | null }>(operator, identity, id);

describe('a device template', () => {
  test('shows where a station drifts, is written to it, and shows what the station made of that', async () => {
    await withKeys('DEVICE-1', {
      HeartbeatInterval: { value: '60' },
      WebSocketPingInterval: { value: '30' },
      MeterValueSampleInterval: { value: '900' },
      ConnectionTimeOut: { value: '120' },
      NumberOfConnectors: { value: '1', readonly: true },
      AllowOfflineTxForUnknownId: { value: 'True' },
      SupportedFeatureProfiles: { value: 'Core,SmartCharging', readonly: true },
    });
    const template = await operator.post<{ id: string }>('device-templates', {
      name: 'sites',
      values: {
        heartbeatinterval: '300',
        WebSocketPingInterval: '30',
        MeterValueSampleInterval: '10',
        ConnectionTimeOut: '60',
        NumberOfConnectors: '2',
        AllowOfflineTxForUnknownId: 'true',
        VendorThing: '1',
      },
    });
    expect(await deviceOf('DEVICE-1')).toMatchObject({ template: null, drifted: 0, drift: [] });
    await operator.patch('stations/DEVICE-1', { template: template.id });
    expect(new Set(Object.values(statesOf(await deviceOf('DEVICE-1'))))).toEqual(new Set(['unread']));

    const { id } = await operator.post<{ id: string }>('stations/DEVICE-1/commands', { type: 'readVariables' });
    await settled('DEVICE-1', id);
    const read = await deviceOf('DEVICE-1');
    expect(statesOf(read)).toEqual({
      HeartbeatInterval: 'differs',
      WebSocketPingInterval: 'same',
      MeterValueSampleInterval: 'differs',
      ConnectionTimeOut: 'differs',
      NumberOfConnectors: 'readonly',
      AllowOfflineTxForUnknownId: 'same',
      VendorThing: 'unread',
    });
    expect(read.capabilities).toEqual({ profiles: ['Core', 'SmartCharging'], evses: 1 });

    const applied = await operator.post<Applied>('stations/DEVICE-1/device/apply', {});
    expect(applied.values).toEqual({
      HeartbeatInterval: '300',
      MeterValueSampleInterval: '10',
      ConnectionTimeOut: '60',
      VendorThing: '1',
    });
    const end = await settled('DEVICE-1', applied.command!);
    expect(end.detail).toContain('VendorThing: NotSupported');
    const after = await deviceOf('DEVICE-1');
    expect(statesOf(after)).toEqual({
      HeartbeatInterval: 'same',
      WebSocketPingInterval: 'same',
      // It took 10 and keeps 30: only reading it again shows that.
      MeterValueSampleInterval: 'differs',
      ConnectionTimeOut: 'afterReboot',
      NumberOfConnectors: 'readonly',
      AllowOfflineTxForUnknownId: 'same',
      VendorThing: 'unsupported',
    });
    expect(after.drift.find(({ name }) => name === 'MeterValueSampleInterval')).toMatchObject({
      has: '30',
      written: { status: 'accepted' },
    });
    expect(after.drifted).toBe(4);
    const { variables } = await operator.get<{ variables: { name: string }[] }>('stations/DEVICE-1');
    expect(variables.map(({ name }) => name)).not.toContain('VendorThing');
  });

  test('after a boot a value that was taken and is not there has drifted', async () => {
    const station = stations[0]!;
    await station.say('BootNotification', { chargePointVendor: 'Test', chargePointModel: 'Answers again' });
    await eventually('the boot', 10_000, async () =>
      expect(statesOf(await deviceOf('DEVICE-1'))).toMatchObject({ ConnectionTimeOut: 'differs' }),
    );
  });

  test('is applied to all its stations that are there; what is the same already gets no command', async () => {
    await withKeys('DEVICE-2', { HeartbeatInterval: { value: '300' } });
    await withKeys('DEVICE-3', { HeartbeatInterval: { value: '7' } });
    const values = { HeartbeatInterval: '300' };
    const template = await operator.post<{ id: string }>('device-templates', { name: 'beat', values });
    for (const identity of ['DEVICE-2', 'DEVICE-3']) {
      await operator.patch(`stations/${identity}`, { template: template.id });
      const { id } = await operator.post<{ id: string }>(`stations/${identity}/commands`, { type: 'readVariables' });
      await settled(identity, id);
    }
    const listed = () =>
      operator.get<{ items: { identity: string; drifted: number }[] }>(`device-templates/${template.id}/stations`);
    expect((await listed()).items).toMatchObject([
      { identity: 'DEVICE-2', drifted: 0 },
      { identity: 'DEVICE-3', drifted: 1 },
    ]);
    const { items } = await operator.post<{ items: Applied[] }>(`device-templates/${template.id}/apply`, {});
    expect(items).toEqual([
      { station: 'DEVICE-2', command: null, values: {} },
      { station: 'DEVICE-3', command: expect.any(String), values },
    ]);
    await settled('DEVICE-3', items[1]!.command!);
    expect((await listed()).items.map(({ drifted }) => drifted)).toEqual([0, 0]);
  });

  test.each([
    [{ name: 'p', values: { AuthorizationKey: 'abcdefabcdefabcdef' } }, 400, 'password'],
    [{ name: 'p', values: { A: '1', a: '2' } }, 400, 'twice'],
    [{ name: '', values: {} }, 400, 'name'],
    [{ name: 'p', values: { A: 1 } }, 400, 'values'],
  ])('%o is refused', async (template, status, detail) => {
    const answer = await fetch(`${platform.url}/api/v1/device-templates`, {
      method: 'POST',
      headers: { authorization: `Bearer ${platform.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(template),
    });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(detail);
  });

  test('that stations have is not deleted, and one that is not there is not given', async () => {
    const template = await operator.post<{ id: string }>('device-templates', { name: 'kept', values: { A: '1' } });
    await operator.patch('stations/DEVICE-2', { template: template.id });
    await expect(operator.delete(`device-templates/${template.id}`)).rejects.toThrow(/DEVICE-2/);
    await expect(operator.patch('stations/DEVICE-2', { template: 'nobody' })).rejects.toThrow(/no device template/);
    await operator.patch('stations/DEVICE-2', { template: null });
    await operator.delete(`device-templates/${template.id}`);
  });
});
