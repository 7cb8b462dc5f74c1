import { asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { inAnyOrder, positive } from '../../script/fit.ts';
import type { Payload } from '../../script/station.ts';
import { booted } from './plays.ts';

/** Variables that cases read, write and report: the name that we know each by, and as it goes over the wire. */
export const OFFLINE = {
  name: 'OCPPCommCtrlr/OfflineThreshold',
  wire: { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'OfflineThreshold' } },
};
export const HEARTBEAT = {
  name: 'OCPPCommCtrlr/HeartbeatInterval',
  wire: { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } },
};
const CLOCK = {
  name: 'ClockCtrlr/DateTime',
  wire: { component: { name: 'ClockCtrlr' }, variable: { name: 'DateTime' } },
};
/** How many variables it takes in one message. */
const MOST = {
  name: 'DeviceDataCtrlr/ItemsPerMessage.GetVariables',
  wire: { component: { name: 'DeviceDataCtrlr' }, variable: { name: 'ItemsPerMessage', instance: 'GetVariables' } },
};

export const reported = (wire: object, value: string): Payload => ({
  ...{ ...wire, variableAttribute: [{ value, mutability: 'ReadWrite' }] },
  variableCharacteristics: { dataType: 'integer', supportsMonitoring: false },
});

/** A report that is asked for, and comes in two parts. */
const reports = (
  id: string,
  o: { readonly command: Payload; readonly action: string; readonly asked: Payload },
): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, o.command);
    const { requestId } = await s.hears(o.action, { requestId: positive, ...o.asked }, { status: 'Accepted' });
    await command.taken();
    const part = { requestId, generatedAt: '2026-01-05T12:00:00.000Z' };
    await s.says('NotifyReport', { ...part, seqNo: 0, tbc: true, reportData: [reported(HEARTBEAT.wire, '300')] });
    await s.says('NotifyReport', { ...part, seqNo: 1, tbc: false, reportData: [reported(OFFLINE.wire, '60')] });
    await command.ends({ status: 'accepted', effect: 'reported in 2 parts' });
    await t.comes('its variables', `stations/${s.identity}`, {
      variables: [
        { name: HEARTBEAT.name, value: '300' },
        { name: OFFLINE.name, value: '60' },
      ],
    });
  },
  twins: [
    asksOther(o.action, (payload) => ({ ...payload, ...o.asked, more: true }), 'a member that is not there'),
    contrary(o.action, 'Rejected'),
  ],
});
const base = (id: string, of: string, reportBase: string): Case =>
  reports(id, { command: { type: 'baseReport', base: of }, action: 'GetBaseReport', asked: { reportBase } });

export const reporting: readonly Case[] = [
  {
    id: 'B_07',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'readVariables', names: [HEARTBEAT.name, OFFLINE.name] });
      await s.hears(
        'GetVariables',
        { getVariableData: [HEARTBEAT.wire, OFFLINE.wire] },
        {
          getVariableResult: [
            { attributeStatus: 'Accepted', attributeValue: '300', ...HEARTBEAT.wire },
            { attributeStatus: 'UnknownVariable', ...OFFLINE.wire },
          ],
        },
      );
      await command.ends({
        status: 'accepted',
        result: { variables: [{ name: HEARTBEAT.name, value: '300' }], unknown: [OFFLINE.name] },
      });
    },
    twins: [
      asksOther('GetVariables', { getVariableData: [HEARTBEAT.wire] }, 'only one is asked for'),
      stationOther(
        'station answers',
        'GetVariables',
        { getVariableResult: [{ attributeStatus: 'Accepted', attributeValue: '300', ...HEARTBEAT.wire }] },
        { breaks: 'one is not answered', fails: 'the command' },
      ),
    ],
  },
  {
    id: 'B_08',
    run: async (t) => {
      const s = await booted(t);
      const first = await t.asks(s, { type: 'readVariables', names: [MOST.name] });
      const said = { getVariableResult: [{ attributeStatus: 'Accepted', attributeValue: '2', ...MOST.wire }] };
      await s.hears('GetVariables', { getVariableData: [MOST.wire] }, said);
      await first.ends({ status: 'accepted' });
      const names = [HEARTBEAT, OFFLINE, CLOCK];
      const command = await t.asks(s, { type: 'readVariables', names: names.map(({ name }) => name) });
      for (const some of [[HEARTBEAT, OFFLINE], [CLOCK]])
        await s.hears(
          'GetVariables',
          { getVariableData: some.map(({ wire }) => wire) },
          {
            getVariableResult: some.map(({ wire }) => ({
              ...{ attributeStatus: 'Accepted', attributeValue: '60', ...wire },
            })),
          },
        );
      await command.ends({
        status: 'accepted',
        result: { variables: names.map(({ name }) => ({ name, value: '60' })) },
      });
    },
    twins: [
      {
        ...asksOther(
          'GetVariables',
          { getVariableData: [HEARTBEAT.wire, OFFLINE.wire, CLOCK.wire] },
          'more than it takes are asked for at once',
        ),
        nth: 2,
      },
      {
        ...stationOther(
          'station answers',
          'GetVariables',
          { getVariableResult: [{ attributeStatus: 'Rejected', ...CLOCK.wire }] },
          { breaks: 'the last is not told', fails: 'the command' },
        ),
        nth: 3,
      },
    ],
  },
  {
    id: 'B_10',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, {
        type: 'writeVariables',
        values: { [HEARTBEAT.name]: '120', [OFFLINE.name]: '90' },
      });
      const asked = inAnyOrder({ attributeValue: '120', ...HEARTBEAT.wire }, { attributeValue: '90', ...OFFLINE.wire });
      const taken = [HEARTBEAT, OFFLINE].map(({ wire }) => ({ attributeStatus: 'Accepted', ...wire }));
      await s.hears('SetVariables', { setVariableData: asked }, { setVariableResult: taken });
      await command.ends({ status: 'accepted' });
      await t.sees('its variables', `stations/${s.identity}`, {
        variables: [
          { name: HEARTBEAT.name, value: '120' },
          { name: OFFLINE.name, value: '90' },
        ],
      });
    },
    twins: [
      asksOther('SetVariables', { setVariableData: [{ attributeValue: '120', ...HEARTBEAT.wire }] }, 'only one is set'),
      stationOther(
        'station answers',
        'SetVariables',
        {
          setVariableResult: [
            { attributeStatus: 'Accepted', ...HEARTBEAT.wire },
            { attributeStatus: 'Rejected', ...OFFLINE.wire },
          ],
        },
        { breaks: 'one is refused', fails: 'the command' },
      ),
    ],
  },
  base('B_12', 'configuration', 'ConfigurationInventory'),
  base('B_13', 'full', 'FullInventory'),
  base('B_14', 'summary', 'SummaryInventory'),
  reports('B_18', {
    command: { type: 'variableReport', names: ['EVSE@1', OFFLINE.name], criteria: ['problem', 'active'] },
    action: 'GetReport',
    asked: {
      componentVariable: [{ component: { name: 'EVSE', evse: { id: 1 } } }, OFFLINE.wire],
      componentCriteria: ['Problem', 'Active'],
    },
  }),
];
