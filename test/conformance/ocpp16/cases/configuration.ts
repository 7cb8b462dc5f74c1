import { answersOther, asksOther, stationOther, type Case } from '../../script/case.ts';
import { oneOf } from '../../script/fit.ts';
import { booted } from './plays.ts';

const keys = [
  { key: 'HeartbeatInterval', readonly: false, value: '300' },
  { key: 'NumberOfConnectors', readonly: true, value: '2' },
  { key: 'SupportedFeatureProfiles', readonly: true, value: 'Core,RemoteTrigger' },
];

/** ChangeConfiguration and how it ended. */
const changes = (
  id: string,
  o: { readonly key: string; readonly value: string; readonly status: string; readonly ends: 'accepted' | 'rejected' },
): Case => ({
  id,
  run: async (t) => {
    const { key, value, status, ends } = o;
    const s = await booted(t);
    const command = await t.asks(s, { type: 'writeVariables', values: { [key]: value } });
    await s.hears('ChangeConfiguration', { key, value }, { status });
    await command.ends({ status: ends, ...(ends === 'accepted' ? {} : { detail: `${key}: ${status}` }) });
    if (ends === 'accepted')
      await t.sees('its variables', `stations/${s.identity}`, { variables: [{ name: key, value, readonly: false }] });
    else await t.sees('its variables', `stations/${s.identity}`, { variables: [] });
  },
  twins: [
    asksOther('ChangeConfiguration', { value: '1' }, 'another value'),
    stationOther(
      'station answers',
      'ChangeConfiguration',
      { status: o.ends === 'accepted' ? 'Rejected' : 'Accepted' },
      { breaks: 'the station says the contrary', fails: 'the command' },
    ),
  ],
});

export const configuration: readonly Case[] = [
  {
    id: '019_1',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'readVariables' });
      await s.hears('GetConfiguration', {}, { configurationKey: keys, unknownKey: [] });
      await command.ends({ status: 'accepted' });
      await t.sees('its variables', `stations/${s.identity}`, {
        variables: keys.map(({ key, ...rest }) => ({ name: key, ...rest })),
      });
    },
    twins: [
      asksOther('GetConfiguration', { key: ['HeartbeatInterval'] }, 'only one is asked for'),
      stationOther(
        'station answers',
        'GetConfiguration',
        { configurationKey: keys.slice(1) },
        { breaks: 'one is not told', fails: 'its variables' },
      ),
    ],
  },
  {
    id: '019_2',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'readVariables', names: ['SupportedFeatureProfiles'] });
      await s.hears(
        'GetConfiguration',
        { key: ['SupportedFeatureProfiles'] },
        { configurationKey: [keys[2]], unknownKey: [] },
      );
      await command.ends({ status: 'accepted' });
      await t.sees('its variables', `stations/${s.identity}`, {
        variables: [{ name: 'SupportedFeatureProfiles', value: 'Core,RemoteTrigger', readonly: true }],
      });
    },
    twins: [
      asksOther('GetConfiguration', { key: ['HeartbeatInterval'] }, 'another is asked for'),
      asksOther('GetConfiguration', () => ({}), 'all are asked for'),
    ],
  },
  changes('021', { key: 'MeterValueSampleInterval', value: '60', status: 'Accepted', ends: 'accepted' }),
  changes('040_1', { key: 'NoSuchKey', value: '123', status: 'NotSupported', ends: 'rejected' }),
  changes('040_2', { key: 'MeterValueSampleInterval', value: '-1', status: 'Rejected', ends: 'rejected' }),
  {
    id: '061',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'clearCache' });
      await s.hears('ClearCache', {}, { status: 'Accepted' });
      await command.ends({ status: 'accepted' });
    },
    twins: [
      asksOther('ClearCache', { all: true }, 'a member that is not there'),
      stationOther(
        'station answers',
        'ClearCache',
        { status: 'Rejected' },
        { breaks: 'the station refuses', fails: 'the command' },
      ),
    ],
  },
  {
    id: '064',
    run: async (t) => {
      const s = await booted(t);
      const said = { vendorId: 'org.example.nobody', messageId: 'hello', data: 'world' };
      // What nobody here understands is not taken as if somebody did.
      await s.says('DataTransfer', said, { status: oneOf('Rejected', 'UnknownMessageId', 'UnknownVendorId') });
    },
    twins: [answersOther('DataTransfer', { status: 'Accepted' }, 'what nobody understands is taken')],
  },
];
