import { answersOther, asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { now } from '../../script/fit.ts';
import { booted, boots, connection } from './plays.ts';
import { HEARTBEAT, OFFLINE } from './reports.ts';

const { name, wire: variable } = OFFLINE;
const { wire: other } = HEARTBEAT;

const network = { url: 'wss://csms.example.org/ocpp', securityProfile: 2, interface: 'Wired0' };

/** A network profile is written into a slot of the station, and how it takes that. */
const writesNetwork = (id: string, status: 'Accepted' | 'Failed'): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'setNetworkProfile', slot: 2, profile: network });
    await s.hears('SetNetworkProfile', { configurationSlot: 2, connectionData: connection(network) }, { status });
    await command.ends(status === 'Accepted' ? { status: 'accepted' } : { status: 'rejected', detail: 'Failed' });
  },
  twins: [
    asksOther('SetNetworkProfile', { configurationSlot: 1 }, 'another slot'),
    asksOther(
      'SetNetworkProfile',
      (payload) => ({
        ...payload,
        connectionData: { ...(payload['connectionData'] as object), ocppCsmsUrl: 'wss://other.example.org/ocpp' },
      }),
      'to another CSMS',
    ),
    contrary('SetNetworkProfile', status === 'Accepted' ? 'Rejected' : 'Accepted'),
  ],
});

export const provisioning: readonly Case[] = [
  {
    id: 'B_01',
    run: async (t) => {
      const s = await t.station();
      await boots(s);
      await s.says('Heartbeat', {}, { currentTime: now });
      await t.comes('the station', `stations/${s.identity}`, { online: true, vendor: 'Conformance' });
      await t.connector(s, 1, 'available');
      s.quiet();
    },
    twins: [
      answersOther('BootNotification', { status: 'Rejected' }, 'a known station is not taken'),
      answersOther('Heartbeat', { currentTime: '2020-01-01T00:00:00Z' }, 'the time is not told'),
      stationOther(
        'station says',
        'StatusNotification',
        { connectorStatus: 'Faulted' },
        { breaks: 'a state that is not told', fails: 'connector' },
      ),
    ],
  },
  {
    id: 'B_06',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'readVariables', names: [name] });
      await s.hears(
        'GetVariables',
        { getVariableData: [variable] },
        { getVariableResult: [{ attributeStatus: 'Accepted', attributeValue: '60', ...variable }] },
      );
      await command.ends({ status: 'accepted', result: { variables: [{ name, value: '60' }] } });
      await t.sees('its variables', `stations/${s.identity}`, { variables: [{ name, value: '60' }] });
    },
    twins: [
      asksOther('GetVariables', { getVariableData: [other] }, 'another is asked for'),
      asksOther('GetVariables', { getVariableData: [variable, other] }, 'more is asked for'),
      stationOther(
        'station answers',
        'GetVariables',
        { getVariableResult: [{ attributeStatus: 'Accepted', attributeValue: '61', ...variable }] },
        { breaks: 'another value', fails: 'the command' },
      ),
    ],
  },
  {
    id: 'B_09',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'writeVariables', values: { [name]: '90' } });
      await s.hears(
        'SetVariables',
        { setVariableData: [{ attributeValue: '90', ...variable }] },
        { setVariableResult: [{ attributeStatus: 'Accepted', ...variable }] },
      );
      await command.ends({ status: 'accepted' });
      await t.sees('its variables', `stations/${s.identity}`, { variables: [{ name, value: '90' }] });
    },
    twins: [
      asksOther(
        'SetVariables',
        { setVariableData: [{ attributeValue: '9', ...variable }] },
        'another value is written',
      ),
      stationOther(
        'station answers',
        'SetVariables',
        { setVariableResult: [{ attributeStatus: 'Rejected', ...variable }] },
        { breaks: 'the station refuses it', fails: 'the command' },
      ),
    ],
  },
  {
    id: 'B_58',
    run: async (t) => {
      const identity = await t.known();
      const none = 'the answer to Upgrade: of a protocol that there is not';
      t.must(none, await t.offers(identity, ['ocpp0.1']), '');
      const s = await t.station({ identity, protocols: ['ocpp0.1', t.protocol] });
      t.must('the answer to Upgrade: of one that there is', s.protocol, t.protocol);
      await boots(s);
    },
    twins: [answersOther('Upgrade', { protocol: 'ocpp0.1' }, 'any protocol is taken')],
  },
  writesNetwork('B_42', 'Accepted'),
  writesNetwork('B_44', 'Failed'),
];
