import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { api, type Api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { answeringStation, type AnsweringStation } from './answering-station.ts';
import { settledCommand } from './settled-command.ts';

// Longer than any of its waits, which name what stalled.
vi.setConfig({ testTimeout: 90_000 });

let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];

beforeAll(async () => {
  platform = await startPlatform({ adapters: [ocpp201, ocpp21], env: { PLUGGA_ONBOARDING: 'open' } });
  operator = api(platform.url, platform.adminKey);
}, 60_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
});

interface Command {
  readonly id: string;
  readonly status: string;
  readonly detail: string | null;
  readonly effect: string | null;
  readonly effectState: string | null;
}
interface Monitor {
  readonly id: number;
  readonly variable: string;
  readonly kind: string;
  readonly value: number;
  readonly severity: number;
}
type Data = Readonly<Record<string, unknown>>;

const connect = async (identity: string, protocol: 'ocpp2.0.1' | 'ocpp2.1'): Promise<AnsweringStation> => {
  const station = await answeringStation(`${platform.wsUrl}/${identity}`, { protocol });
  stations.push(station);
  return station;
};
const ask = async (identity: string, command: object): Promise<Command> => {
  const { id } = await operator.post<Command>(`stations/${identity}/commands`, command);
  return settledCommand<Command>(operator, identity, id);
};
const seen = (identity: string, { id }: Command): Promise<Command> =>
  eventually(`the effect of the command ${id}`, 20_000, async () => {
    const now = await operator.get<Command>(`stations/${identity}/commands/${id}`);
    expect(now.effectState).toBe('seen');
    return now;
  });
const monitorsOf = (identity: string): Promise<readonly Monitor[]> => operator.all(`stations/${identity}/monitors`);
const has = (identity: string, ids: readonly number[]): Promise<readonly Monitor[]> =>
  eventually(`the monitors ${ids.join(', ')}`, 20_000, async () => {
    const now = await monitorsOf(identity);
    expect(now.map(({ id }) => id)).toEqual(ids);
    return now;
  });

const hot = (evse: number) => ({ component: { name: 'EVSE', evse: { id: evse } }, variable: { name: 'Temperature' } });
const watch = (evse: number, severity = 3) =>
  ({ variable: `EVSE/Temperature@${evse}`, kind: 'upper', value: 80, severity }) as const;
const part = (requestId: unknown, seqNo: number, tbc: boolean, monitor: readonly unknown[]) => ({
  ...{ requestId, seqNo, tbc, generatedAt: '2026-01-05T12:00:00Z', monitor },
});
const reported = (evse: number, id: number, more: object = {}) => ({
  ...hot(evse),
  variableMonitoring: [{ id, type: 'UpperThreshold', value: 70, severity: 2, transaction: false, ...more }],
});
const event = (eventId: number, at: string, more: object = {}) => ({
  ...{ eventId, timestamp: at, trigger: 'Alerting', actualValue: '81', eventNotificationType: 'CustomMonitor' },
  ...hot(1),
  ...more,
});
const say = (station: AnsweringStation, ...eventData: readonly object[]) =>
  station.say('NotifyEvent', { generatedAt: '2026-01-05T12:00:00Z', seqNo: 0, eventData });

test('monitors go out in as many messages as the station takes, and those that it takes are kept', async () => {
  const station = await connect('MONITORS', 'ocpp2.0.1');
  let next = 10;
  station.replies = {
    GetVariables: ({ getVariableData }) => ({
      getVariableResult: (getVariableData as Data[]).map((it) => ({
        ...it,
        ...{ attributeStatus: 'Accepted', attributeValue: '2' },
      })),
    }),
    SetVariableMonitoring: ({ setMonitoringData }) => ({
      // In another order, and one of them refused.
      setMonitoringResult: (setMonitoringData as Data[]).toReversed().map(({ component, variable, type, severity }) => {
        const is = { component, variable, type, severity };
        if (severity === 9) return { ...is, status: 'Rejected', statusInfo: { reasonCode: 'TooMany' } };
        next += 1;
        return { ...is, id: next, status: 'Accepted' };
      }),
    }),
    ClearVariableMonitoring: ({ id }) => ({
      clearMonitoringResult: (id as number[]).map((it) => ({ id: it, status: it === 12 ? 'NotFound' : 'Accepted' })),
    }),
  };
  const names = ['MonitoringCtrlr/ItemsPerMessage.SetVariableMonitoring'];
  await ask('MONITORS', { type: 'readVariables', names });
  const monitors = [watch(1), watch(2), watch(3, 9), watch(4, 0), watch(5)];
  const set = await ask('MONITORS', { type: 'setMonitors', monitors });
  expect(set).toMatchObject({ status: 'rejected', detail: 'EVSE/Temperature@3 upper: Rejected (TooMany)' });
  const sent = station.calls.flatMap(([action, { setMonitoringData }]) =>
    action === 'SetVariableMonitoring' ? [(setMonitoringData as unknown[]).length] : [],
  );
  expect(sent).toEqual([2, 2, 1]);
  expect((await has('MONITORS', [14, 13, 12, 11])).map(({ variable, severity }) => [variable, severity])).toEqual([
    ['EVSE/Temperature@5', 3],
    ['EVSE/Temperature@4', 0],
    ['EVSE/Temperature@1', 3],
    ['EVSE/Temperature@2', 3],
  ]);
  const cleared = await ask('MONITORS', { type: 'clearMonitors', ids: [11, 12] });
  expect(cleared).toMatchObject({ status: 'accepted', detail: '12: NotFound' });
  await has('MONITORS', [14, 13]);
  const statusInfo = { reasonCode: 'FixedLevel', additionalInfo: 'it tells of all, always' };
  station.replies = { SetMonitoringLevel: { status: 'Rejected', statusInfo } };
  expect(await ask('MONITORS', { type: 'setMonitoringLevel', severity: 3 })).toMatchObject({
    ...{ status: 'rejected', detail: 'Rejected (FixedLevel: it tells of all, always)' },
  });
});

test.each(['ocpp2.0.1', 'ocpp2.1'] as const)(
  'what a whole report of %s does not name is gone, and not before',
  async (protocol) => {
    const identity = `WATCHED-${protocol.replaceAll('.', '-')}`;
    const origin = protocol === 'ocpp2.1' ? { eventNotificationType: 'CustomMonitor' } : {};
    const station = await connect(identity, protocol);
    const told = async (...monitors: readonly object[]) => {
      const command = await ask(identity, { type: 'readMonitors' });
      const { requestId } = await station.called('GetMonitoringReport');
      for (const [n, it] of monitors.entries())
        await station.say('NotifyMonitoringReport', part(requestId, n, n < monitors.length - 1, [it]));
      return seen(identity, command);
    };
    await told(reported(1, 4, origin), reported(2, 5, origin), reported(3, 6, origin));
    await has(identity, [6, 5, 4]);
    const second = await ask(identity, { type: 'readMonitors' });
    const { requestId } = await station.called('GetMonitoringReport');
    await station.say('NotifyMonitoringReport', part(requestId, 1, false, [reported(4, 7, origin)]));
    await has(identity, [7, 6, 5, 4]);
    await station.say('NotifyMonitoringReport', part(requestId, 0, true, [reported(1, 4, { value: 75, ...origin })]));
    expect(await seen(identity, second)).toMatchObject({ effect: 'reported in 2 parts' });
    expect((await has(identity, [7, 4])).map(({ value }) => value)).toEqual([70, 75]);

    // One that was asked for a part says nothing of the rest, and none that nobody asked for takes any away.
    const some = await ask(identity, { type: 'readMonitors', names: ['EVSE@4'] });
    const asked = await station.called('GetMonitoringReport');
    await station.say('NotifyMonitoringReport', part(asked['requestId'], 0, false, [reported(4, 8, origin)]));
    await seen(identity, some);
    await has(identity, [8, 4]);
    await station.say('NotifyMonitoringReport', part(77, 0, false, [reported(9, 9, origin)]));
    await has(identity, [9, 8, 4]);

    station.replies = { GetMonitoringReport: { status: 'EmptyResultSet' } };
    await seen(identity, await ask(identity, { type: 'setMonitoringBase', base: 'hardWired' }));
    await has(identity, []);
  },
);

test('events are kept by their own time, as grave as their monitor, and an alert is shown until it is over', async () => {
  const station = await connect('EVENTS', 'ocpp2.0.1');
  station.replies = {
    SetVariableMonitoring: {
      setMonitoringResult: [{ ...hot(1), id: 4, status: 'Accepted', type: 'UpperThreshold', severity: 3 }],
    },
  };
  await ask('EVENTS', { type: 'setMonitors', monitors: [watch(1)] });
  await say(station, event(2, '2026-01-05T11:00:00Z', { variableMonitoringId: 4 }));
  await say(
    station,
    // It was offline when it happened.
    event(1, '2026-01-05T10:00:00Z', { trigger: 'Delta', actualValue: '20', variable: { name: 'Fan' } }),
  );
  const shown = () => operator.get<{ readonly alerts: readonly unknown[] }>('stations/EVENTS');
  expect((await shown()).alerts).toEqual([
    {
      ...{ variable: 'EVSE/Temperature@1', value: '81', severity: 3, monitor: 4, code: null, info: null },
      since: '2026-01-05T11:00:00.000Z',
    },
  ]);
  const other = await connect('EVENTS-2', 'ocpp2.1');
  await say(other, event(1, '2026-01-05T12:00:00Z', { severity: 3 }), {
    ...event(2, '2026-01-05T12:00:01Z', { severity: 0, component: { name: 'Cabinet' }, variable: { name: 'Smoke' } }),
  });
  type Page = { readonly items: readonly unknown[]; readonly next: string | null };
  const alerts = async (): Promise<readonly unknown[]> => {
    const first = await operator.get<Page>('alerts?limit=1');
    const rest = first.next === null ? [] : (await operator.get<Page>(`alerts?limit=1&cursor=${first.next}`)).items;
    return [...first.items, ...rest];
  };
  expect(await alerts()).toMatchObject([
    { station: 'EVENTS', alerts: (await shown()).alerts },
    { station: 'EVENTS-2', alerts: [{ variable: 'Cabinet/Smoke', severity: 0 }, { severity: 3 }] },
  ]);
  const page = await operator.get<{ items: readonly object[]; next: string | null }>('stations/EVENTS/events?limit=1');
  expect(page.items).toMatchObject([
    { event: 2, variable: 'EVSE/Temperature@1', value: '81', severity: 3, alert: true, monitor: 4 },
  ]);
  const rest = await operator.get<{ items: readonly object[] }>(`stations/EVENTS/events?limit=1&cursor=${page.next}`);
  expect(rest.items).toMatchObject([{ event: 1, trigger: 'delta', severity: null, at: '2026-01-05T10:00:00.000Z' }]);
  for (const filter of ['alert=true', 'severity=3', 'monitor=4', 'variable=evse/temperature@1'])
    expect(await operator.all(`stations/EVENTS/events?${filter}`), filter).toHaveLength(1);
  await say(station, event(3, '2026-01-05T11:10:00Z', { variableMonitoringId: 4, cleared: true, actualValue: '70' }));
  expect((await shown()).alerts).toEqual([]);
  expect(await alerts()).toMatchObject([{ station: 'EVENTS-2' }]);
  expect(await operator.all('stations/EVENTS/events')).toHaveLength(3);
});
