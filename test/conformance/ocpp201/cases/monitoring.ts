import { answersOther, asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { oneOf, positive } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { authorizes, booted, boots, tells } from './plays.ts';

const TIME = '2026-01-05T12:00:00.000Z';
const at = { component: { name: 'EVSE', evse: { id: 1 } }, variable: { name: 'Temperature' } };
const variable = 'EVSE/Temperature@1';
/** A monitor in the operator's words, as it is asked for, and as the station then has it by number. */
const upper = {
  asked: { variable, kind: 'upper', value: 80, severity: 3 },
  wire: { ...at, type: 'UpperThreshold', value: 80, severity: 3 },
  shown: { variable, kind: 'upper', value: 80, severity: 3 },
};
const periodic = {
  asked: { variable, kind: 'periodic', value: 60, severity: 7 },
  wire: { ...at, type: 'Periodic', value: 60, severity: 7 },
  shown: { variable, kind: 'periodic', value: 60, severity: 7 },
};
type Made = typeof upper;

const monitors = (t: Stage, s: Station, items: readonly Payload[]): Promise<void> =>
  t.comes('its monitors', `stations/${s.identity}/monitors`, { items });

/** The operator sets them; the station gives them the numbers 1, 2… */
async function sets(t: Stage, s: Station, made: readonly Made[]): Promise<void> {
  const command = await t.asks(s, { type: 'setMonitors', monitors: made.map(({ asked }) => asked) });
  await s.hears(
    'SetVariableMonitoring',
    { setMonitoringData: made.map(({ wire }) => wire) },
    {
      setMonitoringResult: made.map(({ wire: { value: _, ...of } }, i) => ({ ...of, status: 'Accepted', id: i + 1 })),
    },
  );
  await command.ends({ status: 'accepted' });
}

const otherValue = asksOther('SetVariableMonitoring', { setMonitoringData: [{ ...upper.wire, value: 1 }] }, 'others');
const set = (id: string, made: readonly Made[]): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    await sets(t, s, made);
    const shown = made.map((it, i) => ({ id: i + 1, ...it.shown })).toReversed();
    await monitors(t, s, shown);
  },
  twins: [
    otherValue,
    stationOther(
      'station answers',
      'SetVariableMonitoring',
      {
        setMonitoringResult: made.map(({ wire: { value: _, ...of } }) => ({ ...of, status: 'Rejected' })),
      },
      { breaks: 'the station refuses', fails: 'the command' },
    ),
  ],
});

/** The operator asks for a report, and the station tells one monitor in two parts, the second empty. */
const reports = (id: string, command: Payload, asked: Payload): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const told = await t.asks(s, { type: 'readMonitors', ...command });
    const { requestId } = await s.hears(
      'GetMonitoringReport',
      { requestId: positive, ...asked },
      { status: 'Accepted' },
    );
    await told.taken();
    const { component: _, variable: __, ...of } = upper.wire;
    const monitor = [{ ...at, variableMonitoring: [{ id: 4, transaction: false, ...of }] }];
    const part = { requestId, generatedAt: TIME };
    await s.says('NotifyMonitoringReport', { ...part, seqNo: 0, tbc: true, monitor });
    await s.says('NotifyMonitoringReport', { ...part, seqNo: 1, tbc: false });
    await told.ends({ status: 'accepted', effect: 'reported in 2 parts' });
    await monitors(t, s, [{ id: 4, ...upper.shown }]);
  },
  twins: [
    asksOther('GetMonitoringReport', { monitoringCriteria: ['DeltaMonitoring'] }, 'of others'),
    contrary('GetMonitoringReport', 'Rejected'),
  ],
});
const OF_ONE = { componentVariable: [{ component: at.component, variable: at.variable }] };

/** The station tells of a variable by itself. */
const tellsOf = (s: Station, event: Payload): Promise<Payload> =>
  s.says('NotifyEvent', { generatedAt: TIME, seqNo: 0, eventData: [{ eventId: 1, timestamp: TIME, ...event }] });
const told = (t: Stage, s: Station, items: readonly Payload[]): Promise<void> =>
  t.comes('what it told', `stations/${s.identity}/events`, { items });
const quieter = stationOther(
  'station says',
  'NotifyEvent',
  (payload) => ({
    ...payload,
    eventData: (payload['eventData'] as readonly Payload[]).map((it) => ({ ...it, actualValue: 'other' })),
  }),
  { breaks: 'another value', fails: 'what it told' },
);
const lock: Payload = {
  ...{ trigger: 'Alerting', actualValue: 'true', eventNotificationType: 'HardWiredMonitor' },
  component: { name: 'ConnectorPlugRetentionLock', evse: { id: 1, connectorId: 1 } },
  variable: { name: 'Problem' },
};

const LEVEL = { type: 'setMonitoringLevel', severity: 5 };

export const monitoring: readonly Case[] = [
  {
    id: 'G_20',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      await authorizes(s, token);
      await tells(s, 1, 'Occupied');
      await tellsOf(s, lock);
      await told(t, s, [{ variable: 'ConnectorPlugRetentionLock/Problem@1.1', value: 'true', trigger: 'alerting' }]);
    },
    twins: [quieter, answersOther('Authorize', { idTokenInfo: { status: 'Invalid' } }, 'a known token is refused')],
  },
  reports('N_01', { criteria: ['threshold'] }, { monitoringCriteria: ['ThresholdMonitoring'] }),
  reports('N_02', { names: [variable] }, OF_ONE),
  reports(
    'N_03',
    { names: [variable], criteria: ['threshold'] },
    { ...OF_ONE, monitoringCriteria: ['ThresholdMonitoring'] },
  ),
  reports(
    'N_60',
    { names: [variable, 'Connector@1.1'], criteria: ['threshold', 'periodic'] },
    {
      componentVariable: [
        ...OF_ONE.componentVariable,
        { component: { name: 'Connector', evse: { id: 1, connectorId: 1 } } },
      ],
      monitoringCriteria: ['ThresholdMonitoring', 'PeriodicMonitoring'],
    },
  ),
  reports('N_47', {}, {}),
  set('N_08', [upper]),
  set('N_09', [upper, periodic]),
  set('N_24', [periodic]),
  {
    id: 'N_05',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'setMonitoringBase', base: 'factory' });
      await s.hears('SetMonitoringBase', { monitoringBase: 'FactoryDefault' }, { status: 'Accepted' });
      await command.ends({ status: 'accepted' });
    },
    twins: [
      asksOther('SetMonitoringBase', { monitoringBase: 'HardWiredOnly' }, 'another base'),
      contrary('SetMonitoringBase', 'Rejected'),
    ],
  },
  {
    id: 'N_16',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, LEVEL);
      await s.hears('SetMonitoringLevel', { severity: 5 }, { status: 'Accepted' });
      await command.ends({ status: 'accepted' });
    },
    twins: [
      asksOther('SetMonitoringLevel', { severity: 4 }, 'another level'),
      contrary('SetMonitoringLevel', 'Rejected'),
    ],
  },
  {
    id: 'N_17',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, LEVEL);
      await s.hears('SetMonitoringLevel', { severity: 5 }, { status: 'Rejected' });
      await command.ends({ status: 'rejected', detail: 'Rejected' });
    },
    twins: [
      asksOther('SetMonitoringLevel', { severity: 4 }, 'another level'),
      contrary('SetMonitoringLevel', 'Accepted'),
    ],
  },
  {
    id: 'N_44',
    run: async (t) => {
      const s = await booted(t);
      await sets(t, s, [upper]);
      const command = await t.asks(s, { type: 'clearMonitors', ids: [1] });
      await s.hears('ClearVariableMonitoring', { id: [1] }, { clearMonitoringResult: [{ status: 'Rejected', id: 1 }] });
      await command.ends({ status: 'rejected', detail: '1: Rejected' });
      await monitors(t, s, [{ id: 1, ...upper.shown }]);
    },
    twins: [
      asksOther('ClearVariableMonitoring', { id: [2] }, 'another is cleared'),
      stationOther(
        'station answers',
        'ClearVariableMonitoring',
        { clearMonitoringResult: [{ status: 'Accepted', id: 1 }] },
        { breaks: 'the station clears it', fails: 'the command' },
      ),
    ],
  },
  {
    // N06.FR.04: no more numbers in one request than the station has said.
    id: 'N_18',
    run: async (t) => {
      const s = await booted(t);
      const name = 'MonitoringCtrlr/ItemsPerMessage.ClearVariableMonitoring';
      const most = {
        component: { name: 'MonitoringCtrlr' },
        variable: { name: 'ItemsPerMessage', instance: 'ClearVariableMonitoring' },
      };
      const read = await t.asks(s, { type: 'readVariables', names: [name] });
      const value = { ...most, attributeStatus: 'Accepted', attributeValue: '3' };
      await s.hears('GetVariables', { getVariableData: [most] }, { getVariableResult: [value] });
      await read.ends({ status: 'accepted' });
      const command = await t.asks(s, { type: 'clearMonitors', ids: [1, 2, 3, 4, 5] });
      for (const ids of [
        [1, 2, 3],
        [4, 5],
      ])
        await s.hears(
          'ClearVariableMonitoring',
          { id: ids },
          { clearMonitoringResult: ids.map((id) => ({ status: 'Accepted', id })) },
        );
      await command.ends({ status: 'accepted' });
    },
    twins: [
      asksOther('ClearVariableMonitoring', { id: [1, 2, 3, 4, 5] }, 'more than it takes'),
      stationOther(
        'station answers',
        'ClearVariableMonitoring',
        { clearMonitoringResult: [{ status: 'Rejected', id: 4 }] },
        { breaks: 'the station keeps one', fails: 'the command', nth: 2 },
      ),
    ],
  },
  {
    // What can only be written has no value to tell.
    id: 'N_48',
    run: async (t) => {
      const s = await booted(t);
      await tellsOf(s, {
        ...lock,
        ...{ component: { name: 'SecurityCtrlr' } },
        ...{ variable: { name: 'BasicAuthPassword' }, actualValue: '' },
      });
      await told(t, s, [{ variable: 'SecurityCtrlr/BasicAuthPassword', value: oneOf(null, ''), trigger: 'alerting' }]);
    },
    twins: [answersOther('NotifyEvent', { status: 'Accepted' }, 'a member that is not there'), quieter],
  },
  {
    id: 'N_21',
    run: async (t) => {
      const s = await booted(t);
      await tellsOf(s, lock);
      await told(t, s, [{ variable: 'ConnectorPlugRetentionLock/Problem@1.1', event: 1, origin: 'HardWiredMonitor' }]);
    },
    twins: [
      stationOther(
        'station says',
        'NotifyEvent',
        (payload) => ({
          ...payload,
          eventData: [{ ...(payload['eventData'] as readonly Payload[])[0], eventNotificationType: 'CustomMonitor' }],
        }),
        { breaks: 'of another monitor', fails: 'what it told' },
      ),
    ],
  },
  {
    // Over after a restart: what an alert told of is no alert any more.
    id: 'N_49',
    run: async (t) => {
      const s = await booted(t);
      await sets(t, s, [upper]);
      const event = { ...at, trigger: 'Alerting', eventNotificationType: 'CustomMonitor', variableMonitoringId: 1 };
      await tellsOf(s, { ...event, actualValue: '85' });
      await t.comes('its alerts', `stations/${s.identity}`, { alerts: [{ variable, value: '85', severity: 3 }] });
      await boots(s, 'LocalReset');
      await tellsOf(s, { ...event, eventId: 2, actualValue: '20', cleared: true });
      await t.comes('its alerts', `stations/${s.identity}`, { alerts: [] });
    },
    twins: [
      otherValue,
      stationOther(
        'station says',
        'NotifyEvent',
        (payload) => ({
          ...payload,
          eventData: [{ ...(payload['eventData'] as readonly Payload[])[0], cleared: false }],
        }),
        { breaks: 'it is not over', fails: 'its alerts', nth: 2 },
      ),
    ],
  },
  {
    id: 'N_50',
    run: async (t) => {
      const s = await booted(t);
      await sets(t, s, [periodic]);
      const event = { ...at, trigger: 'Periodic', eventNotificationType: 'CustomMonitor', variableMonitoringId: 1 };
      await tellsOf(s, { ...event, actualValue: '41' });
      await told(t, s, [{ variable, value: '41', trigger: 'periodic', monitor: 1 }]);
    },
    twins: [otherValue, quieter],
  },
];
