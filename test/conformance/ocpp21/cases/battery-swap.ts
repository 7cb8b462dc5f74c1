import { answersOther, asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { oneOf, positive } from '../../script/fit.ts';
import type { Payload } from '../../script/station.ts';
import { authorizes, booted, idTokenOf } from '../../ocpp201/cases/plays.ts';

const INVALID = { idTokenInfo: { status: oneOf('Invalid', 'Unknown') } };
const battery = (serialNumber: string, soC: number): Payload => ({ evseId: 1, serialNumber, soC, soH: 97 });
const empty = [battery('B1', 12)];
const full = [battery('B2', 99)];
const noted = (request: unknown, event: string, batteries: readonly Payload[]) => ({
  topic: 'battery.swap',
  data: { request, event, batteries },
});
const other = stationOther(
  'station says',
  'BatterySwap',
  { batteryData: [battery('B9', 12)] },
  { breaks: 'another battery', fails: 'station.noted', nth: 1 },
);

export const batterySwap: readonly Case[] = [
  {
    id: 'BatterySwap',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      await s.says('Authorize', { idToken: idTokenOf(t.strange()) }, INVALID);
      await authorizes(s, token);
      const swap = { requestId: 7, idToken: idTokenOf(token) };
      await s.says('BatterySwap', { eventType: 'BatteryIn', ...swap, batteryData: empty });
      await s.says('BatterySwap', { eventType: 'BatteryOut', ...swap, batteryData: full });
      await t.told(s, 'station.noted', [noted(7, 'BatteryIn', empty), noted(7, 'BatteryOut', full)]);
    },
    twins: [
      answersOther('Authorize', { idTokenInfo: { status: 'Accepted' } }, 'anybody may swap'),
      { ...answersOther('Authorize', { idTokenInfo: { status: 'Invalid' } }, 'nobody may'), nth: 2 },
      answersOther('BatterySwap', { status: 'Accepted' }, 'an answer that is none'),
      other,
    ],
  },
  {
    id: 'RequestBatterySwap',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      const asked = { requestId: positive, idToken: idTokenOf(token) };
      const none = await t.asks(s, { type: 'requestBatterySwap', token });
      await s.hears('RequestBatterySwap', asked, { status: 'Rejected', statusInfo: { reasonCode: 'NotEnough' } });
      await none.ends({ status: 'rejected' });
      const command = await t.asks(s, { type: 'requestBatterySwap', token });
      const { requestId } = await s.hears('RequestBatterySwap', asked, { status: 'Accepted' });
      await command.ends({ status: 'accepted' });
      const swap = { requestId, idToken: idTokenOf(token) };
      await s.says('BatterySwap', { eventType: 'BatteryIn', ...swap, batteryData: empty });
      await s.says('BatterySwap', { eventType: 'BatteryOut', ...swap, batteryData: full });
      await t.told(s, 'station.noted', [noted(requestId, 'BatteryIn', empty), noted(requestId, 'BatteryOut', full)]);
    },
    twins: [
      asksOther('RequestBatterySwap', { idToken: idTokenOf('ANOTHER') }, 'another driver is named'),
      contrary('RequestBatterySwap', 'Accepted', 1),
      contrary('RequestBatterySwap', 'Rejected', 2),
      other,
    ],
  },
];
