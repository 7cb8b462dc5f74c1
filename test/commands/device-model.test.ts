import { ocpp16 } from '@plugga/ocpp16';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { leapingClock, type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api, type Api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { answeringStation, type AnsweringStation } from './answering-station.ts';
import { settledCommand } from './settled-command.ts';

const clock = leapingClock();
let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];

beforeAll(async () => {
  platform = await startPlatform({
    ...{ adapters: [ocpp16, ocpp201, ocpp21], clock },
    env: { PLUGGA_ONBOARDING: 'open' },
  });
  operator = api(platform.url, platform.adminKey);
}, 60_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
});

type Data = Readonly<Record<string, string | { readonly name: string; readonly instance?: string }>>;
interface Command {
  readonly id: string;
  readonly status: string;
  readonly detail: string | null;
  readonly effect: string | null;
  readonly effectState: string | null;
}
interface Variable {
  readonly name: string;
  readonly value: string | null;
  readonly readonly: boolean;
  readonly characteristics: unknown;
}

const connect = async (identity: string, protocol: 'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1'): Promise<AnsweringStation> => {
  const station = await answeringStation(`${platform.wsUrl}/${identity}`, { protocol });
  stations.push(station);
  return station;
};
/** A station of 2.x that has those variables, `Component/Variable` and their values. */
const withVariables = async (
  identity: string,
  protocol: 'ocpp2.0.1' | 'ocpp2.1',
  variables: Record<string, string>,
): Promise<AnsweringStation> => {
  const station = await connect(identity, protocol);
  const keyOf = ({ component, variable }: Data) =>
    `${(component as { name: string }).name}/${(variable as { name: string }).name}`;
  station.replies = {
    GetVariables: ({ getVariableData }) => ({
      getVariableResult: (getVariableData as Data[]).map((it) => {
        const value = variables[keyOf(it)];
        return value === undefined
          ? { ...it, attributeStatus: 'UnknownVariable' }
          : { ...it, attributeStatus: 'Accepted', attributeValue: value };
      }),
    }),
    SetVariables: ({ setVariableData }) => ({
      setVariableResult: (setVariableData as Data[]).map(({ attributeValue, ...it }) => {
        const key = keyOf(it);
        if (!(key in variables)) return { ...it, attributeStatus: 'UnknownVariable' };
        variables[key] = String(attributeValue);
        return { ...it, attributeStatus: 'Accepted' };
      }),
    }),
  };
  return station;
};
const ask = async (identity: string, command: object): Promise<Command> => {
  const { id } = await operator.post<Command>(`stations/${identity}/commands`, command);
  return settledCommand<Command>(operator, identity, id);
};
const variablesOf = async (identity: string): Promise<readonly Variable[]> =>
  (await operator.get<{ variables: readonly Variable[] }>(`stations/${identity}`)).variables;
const effectOf = (identity: string, id: string, state: string): Promise<Command> =>
  eventually(`the effect of the command ${id} to be ${state}`, 20_000, async () => {
    const now = await operator.get<Command>(`stations/${identity}/commands/${id}`);
    expect(now.effectState).toBe(state);
    return now;
  });
const partOf = (requestId: unknown, seqNo: number, tbc: boolean, name: string, value: string) => ({
  ...{ requestId, seqNo, tbc, generatedAt: '2026-01-05T12:00:00Z' },
  reportData: [
    {
      ...{ component: { name: 'SampledDataCtrlr' }, variable: { name } },
      variableAttribute: [{ value, mutability: 'ReadOnly' }],
      variableCharacteristics: { dataType: 'integer', unit: 's', maxLimit: 900, supportsMonitoring: false },
    },
  ],
});

test.each(['ocpp2.0.1', 'ocpp2.1'] as const)('a report of %s comes in parts, in any order', async (protocol) => {
  const identity = `REPORT-${protocol.replaceAll('.', '-')}`;
  const station = await connect(identity, protocol);
  const command = await ask(identity, { type: 'baseReport', base: 'full' });
  const { requestId, reportBase } = await station.called('GetBaseReport');
  expect([command.status, reportBase]).toEqual(['accepted', 'FullInventory']);
  await station.say('NotifyReport', partOf(requestId, 2, false, 'C', '3'));
  await station.say('NotifyReport', partOf(requestId, 0, true, 'A', '1'));
  await station.say('NotifyReport', partOf(requestId, 0, true, 'A', '1'));
  expect((await operator.get<Command>(`stations/${identity}/commands/${command.id}`)).effectState).not.toBe('seen');
  await station.say('NotifyReport', partOf(requestId, 1, true, 'B', '2'));
  expect(await effectOf(identity, command.id, 'seen')).toMatchObject({ status: 'done', effect: 'reported in 3 parts' });
  await eventually('the variables to be kept', 20_000, async () => {
    const told = await variablesOf(identity);
    expect(told.map(({ name, value }) => [name, value])).toEqual([
      ['SampledDataCtrlr/A', '1'],
      ['SampledDataCtrlr/B', '2'],
      ['SampledDataCtrlr/C', '3'],
    ]);
    expect(told[0]).toMatchObject({
      readonly: true,
      characteristics: { dataType: 'integer', unit: 's', max: 900, monitored: false },
    });
  });
});

test('a report that is told before its command is answered is whole as well', async () => {
  const station = await connect('REPORT-EARLY', 'ocpp2.0.1');
  let told: Promise<unknown> | undefined;
  station.replies = {
    GetReport: ({ requestId }) => {
      told = station.say('NotifyReport', partOf(requestId, 0, false, 'A', '1'));
      return { status: 'Accepted' };
    },
  };
  const { id } = await ask('REPORT-EARLY', { type: 'variableReport', names: ['EVSE@1'], criteria: ['problem'] });
  expect(await station.called('GetReport')).toMatchObject({
    componentVariable: [{ component: { name: 'EVSE', evse: { id: 1 } } }],
    componentCriteria: ['Problem'],
  });
  await effectOf('REPORT-EARLY', id, 'seen');
  await told;
});

test('a report of which no part comes for a minute is told of with what is missing', async () => {
  const station = await connect('REPORT-SILENT', 'ocpp2.0.1');
  const command = await ask('REPORT-SILENT', { type: 'baseReport', base: 'full' });
  const { requestId } = await station.called('GetBaseReport');
  clock.leap(45_000);
  await station.say('NotifyReport', partOf(requestId, 1, true, 'B', '2'));
  // Each part gives a minute more.
  clock.leap(45_000);
  await station.say('Heartbeat');
  expect(await operator.get(`stations/REPORT-SILENT/commands/${command.id}`)).toMatchObject({ effectState: 'awaited' });
  clock.leap(16_000);
  expect(await effectOf('REPORT-SILENT', command.id, 'unseen')).toMatchObject({
    status: 'accepted',
    effect: 'part 0 did not come; the last part did not come; 1 was the highest',
  });
});

test('one template is for stations of both versions, each by its own names', async () => {
  const keys: Record<string, string> = {
    HeartbeatInterval: '60',
    MeterValueSampleInterval: '900',
    LightIntensity: '10',
  };
  const old = await connect('MIXED-16', 'ocpp1.6');
  old.replies = {
    GetConfiguration: ({ key }) => {
      const asked = (key as string[] | undefined) ?? Object.keys(keys);
      const has = asked.filter((it) => it in keys).map((it) => ({ key: it, readonly: false, value: keys[it] }));
      return { configurationKey: has, unknownKey: asked.filter((it) => !(it in keys)) };
    },
    ChangeConfiguration: ({ key, value }) => {
      keys[key as string] = String(value);
      return { status: 'Accepted' };
    },
  };
  const variables: Record<string, string> = {
    'OCPPCommCtrlr/HeartbeatInterval': '60',
    'SampledDataCtrlr/TxUpdatedInterval': '900',
    'SmartChargingCtrlr/RateUnit': 'A',
  };
  await withVariables('MIXED-201', 'ocpp2.0.1', variables);
  const values = {
    HeartbeatInterval: '300',
    'SampledDataCtrlr/TxUpdatedInterval': '30',
    LightIntensity: '50',
    'ocpp2.0.1:SmartChargingCtrlr/RateUnit': 'W',
  };
  const template = await operator.post<{ id: string }>('device-templates', { name: 'mixed', values });
  for (const identity of ['MIXED-16', 'MIXED-201']) {
    await operator.patch(`stations/${identity}`, { template: template.id });
    const applied = await operator.post<{ command: string }>(`stations/${identity}/device/apply`, {});
    expect((await settledCommand<Command>(operator, identity, applied.command)).status).toBe('accepted');
  }
  expect(keys).toEqual({ HeartbeatInterval: '300', MeterValueSampleInterval: '30', LightIntensity: '50' });
  expect(variables).toEqual({
    'OCPPCommCtrlr/HeartbeatInterval': '300',
    'SampledDataCtrlr/TxUpdatedInterval': '30',
    'SmartChargingCtrlr/RateUnit': 'W',
  });
  type Device = {
    readonly drifted: number;
    readonly drift: readonly { readonly name: string }[];
    readonly capabilities: unknown;
  };
  const [was, is] = await Promise.all(
    ['MIXED-16', 'MIXED-201'].map((it) => operator.get<Device>(`stations/${it}/device`)),
  );
  expect([was!.drifted, is!.drifted]).toEqual([0, 0]);
  expect(is!.drift.map(({ name }) => name)).toEqual(Object.keys(variables));
  expect(is!.capabilities).toEqual({ chargingRateUnits: ['W'] });
});
