import { asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { at, positive } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { booted, charging } from './plays.ts';

const asked: Payload = { id: 11, priority: 'normalCycle', content: { format: 'utf8', language: 'sv', text: 'Hej' } };
const wire: Payload = {
  ...{ id: 11, priority: 'NormalCycle' },
  message: { format: 'UTF8', language: 'sv', content: 'Hej' },
};

/** The operator sets a message that is so, and as it must go out. */
async function sets(
  t: Stage,
  s: Station,
  o: { readonly as?: Payload; readonly goes?: Payload; readonly status?: string },
): Promise<void> {
  const { status = 'Accepted' } = o;
  const command = await t.asks(s, { type: 'setDisplayMessage', message: { ...asked, ...o.as } });
  await s.hears('SetDisplayMessage', { message: { ...wire, ...o.goes } }, { status });
  await command.ends(status === 'Accepted' ? { status: 'accepted' } : { status: 'rejected', detail: status });
}

const otherText = asksOther(
  'SetDisplayMessage',
  (payload) => ({ message: { ...(payload['message'] as Payload), message: { format: 'UTF8', content: 'Nej' } } }),
  'another text',
);
const set = (id: string, o: Parameters<typeof sets>[2]): Case => ({
  id,
  run: async (t) => sets(t, await booted(t), o),
  twins: [otherText, contrary('SetDisplayMessage', o.status === undefined ? 'Rejected' : 'Accepted')],
});
/** For one transaction. */
const inTransaction = (
  id: string,
  o: { readonly more?: Payload; readonly goes?: Payload; readonly status?: string },
): Case => ({
  id,
  run: async (t) => {
    const { s, tx } = await charging(t);
    await sets(t, s, {
      as: { transaction: tx.id, ...o.more },
      goes: { transactionId: tx.id, ...o.goes },
      ...(o.status !== undefined && { status: o.status }),
    });
  },
  twins: [
    asksOther(
      'SetDisplayMessage',
      (payload) => ({ message: { ...(payload['message'] as Payload), transactionId: 'another' } }),
      'for another transaction',
    ),
    contrary('SetDisplayMessage', o.status === undefined ? 'Rejected' : 'Accepted'),
  ],
});
/** The operator asks which there are; they come in parts, or there are none. */
const gets = (id: string, filter: Payload, goes: Payload, found: number): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'readDisplayMessages', ...filter });
    const status = found === 0 ? 'Unknown' : 'Accepted';
    const { requestId } = await s.hears('GetDisplayMessages', { requestId: positive, ...goes }, { status });
    await command.ends(found === 0 ? { status: 'rejected', detail: 'Unknown' } : { status: 'accepted' });
    const parts = Array.from({ length: found }, (_, part) => ({ ...wire, id: 11 + part }));
    for (const [part, message] of parts.entries())
      await s.says('NotifyDisplayMessages', { requestId, tbc: part < found - 1, messageInfo: [message] });
    await t.told(
      s,
      'station.noted',
      parts.map((message, part) => ({
        topic: 'display.messages',
        data: { request: requestId, messages: [message], more: part < found - 1 },
      })),
    );
  },
  twins: [
    asksOther('GetDisplayMessages', { id: [99] }, 'another is asked for'),
    contrary('GetDisplayMessages', found === 0 ? 'Accepted' : 'Unknown'),
    ...(found === 0
      ? []
      : [
          stationOther(
            'station says',
            'NotifyDisplayMessages',
            { messageInfo: [{ ...wire, id: 99 }] },
            { breaks: 'it shows another', fails: 'station.noted' },
          ),
        ]),
  ],
});
const clears = (id: string, status: 'Accepted' | 'Unknown'): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'clearDisplayMessage', id: 11 });
    await s.hears('ClearDisplayMessage', { id: 11 }, { status });
    await command.ends(status === 'Accepted' ? { status: 'accepted' } : { status: 'rejected', detail: 'Unknown' });
  },
  twins: [
    asksOther('ClearDisplayMessage', { id: 12 }, 'another message'),
    contrary('ClearDisplayMessage', status === 'Accepted' ? 'Unknown' : 'Accepted'),
  ],
});

const FROM = '2030-01-01T08:00:00.000Z';
const UNTIL = '2030-01-01T18:00:00.000Z';

export const display: readonly Case[] = [
  set('O_01', {}),
  gets('O_02', {}, {}, 2),
  gets('O_03', {}, {}, 0),
  clears('O_04', 'Accepted'),
  clears('O_05', 'Unknown'),
  inTransaction('O_06', {}),
  gets('O_07', { ids: [11] }, { id: [11] }, 1),
  gets('O_08', { priority: 'inFront' }, { priority: 'InFront' }, 1),
  gets('O_09', { state: 'charging' }, { state: 'Charging' }, 1),
  inTransaction('O_10', { status: 'UnknownTransaction' }),
  gets('O_11', { ids: [98], state: 'idle' }, { id: [98], state: 'Idle' }, 0),
  {
    id: 'O_12',
    run: async (t) => {
      const s = await booted(t);
      await sets(t, s, {});
      await sets(t, s, { as: { priority: 'alwaysFront' }, goes: { priority: 'AlwaysFront' } });
    },
    twins: [
      otherText,
      asksOther(
        'SetDisplayMessage',
        (payload) => ({ message: { ...(payload['message'] as Payload), id: 12 } }),
        'by another id',
      ),
      contrary('SetDisplayMessage', 'Rejected', 2),
    ],
  },
  set('O_13', { as: { from: FROM }, goes: { startDateTime: at(FROM) } }),
  set('O_14', { as: { until: UNTIL }, goes: { endDateTime: at(UNTIL) } }),
  set('O_17', { as: { priority: 'alwaysFront' }, goes: { priority: 'AlwaysFront' }, status: 'NotSupportedPriority' }),
  set('O_18', { as: { state: 'faulted' }, goes: { state: 'Faulted' }, status: 'NotSupportedState' }),
  set('O_19', { status: 'NotSupportedMessageFormat' }),
  set('O_25', { as: { state: 'idle' }, goes: { state: 'Idle' } }),
  set('O_26', { status: 'Rejected' }),
  inTransaction('O_27', { more: { from: FROM }, goes: { startDateTime: at(FROM) } }),
  inTransaction('O_28', { more: { until: UNTIL }, goes: { endDateTime: at(UNTIL) } }),
];
