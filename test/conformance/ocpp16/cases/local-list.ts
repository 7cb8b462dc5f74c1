import { asksOther, stationOther, type Case } from '../../script/case.ts';
import { positive } from '../../script/fit.ts';
import type { Payload, Station } from '../../script/station.ts';
import { booted } from './plays.ts';

/** What may be asked before a list is sent, in whatever order. */
const before = (s: Station, listVersion: number): void =>
  s.allows({ GetConfiguration: { configurationKey: [], unknownKey: [] }, GetLocalListVersion: { listVersion } });

const entry = (idTag: string): Payload => ({ idTag, idTagInfo: { status: 'Accepted' } });
const sent = (updateType: string, idTag: string): Payload => ({
  ...{ listVersion: positive, updateType, localAuthorizationList: [entry(idTag)] },
});

const version = (id: string, listVersion: number): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'readLocalList' });
    await s.hears('GetLocalListVersion', {}, { listVersion });
    await command.ends(
      listVersion < 0 ? { status: 'rejected' } : { status: 'accepted', result: { localListVersion: listVersion } },
    );
  },
  twins: [
    asksOther('GetLocalListVersion', { full: true }, 'a member that is not there'),
    stationOther(
      'station answers',
      'GetLocalListVersion',
      { listVersion: listVersion < 0 ? 4 : -1 },
      { breaks: 'another version', fails: 'the command' },
    ),
  ],
});

/** A full list, and what the station makes of it. */
const full = (id: string, status: 'Accepted' | 'Failed' | 'NotSupported'): Case => ({
  id,
  run: async (t) => {
    const idTag = await t.token();
    const s = await booted(t);
    before(s, 0);
    const command = await t.asks(s, { type: 'writeLocalList', mode: 'full', tokens: [t.idOf(idTag)] });
    const { listVersion } = await s.hears('SendLocalList', sent('Full', idTag), { status });
    await command.ends(
      status === 'Accepted'
        ? { status: 'accepted', result: { localListVersion: listVersion } }
        : { status: 'rejected', detail: status },
    );
  },
  twins: [
    asksOther('SendLocalList', { localAuthorizationList: [] }, 'nobody is on the list'),
    asksOther('SendLocalList', { updateType: 'Differential' }, 'changes instead of the whole'),
    stationOther(
      'station answers',
      'SendLocalList',
      { status: status === 'Accepted' ? 'NotSupported' : 'Accepted' },
      { breaks: 'the station says the contrary', fails: 'the command' },
    ),
  ],
});

export const localList: readonly Case[] = [
  version('042_1', -1),
  version('042_2', 0),
  full('043_1', 'NotSupported'),
  full('043_3', 'Failed'),
  full('043_4', 'Accepted'),
  {
    id: '043_5',
    run: async (t) => {
      const [first, second] = [await t.token(), await t.token()];
      const s = await booted(t);
      before(s, 0);
      const whole = await t.asks(s, { type: 'writeLocalList', mode: 'full', tokens: [t.idOf(first)] });
      const { listVersion: known } = await s.hears('SendLocalList', sent('Full', first), { status: 'Accepted' });
      await whole.ends({ status: 'accepted' });
      before(s, known as number);
      const tokens = [t.idOf(first), t.idOf(second)];
      const changes = await t.asks(s, { type: 'writeLocalList', mode: 'differential', tokens });
      // Only what is new, on top of the version that the station has.
      const { listVersion } = await s.hears('SendLocalList', sent('Differential', second), { status: 'Accepted' });
      t.must('SendLocalList comes: a later version', (listVersion as number) > (known as number), true);
      await changes.ends({ status: 'accepted', result: { localListVersion: listVersion } });
    },
    twins: [
      asksOther('SendLocalList', { listVersion: 1 }, 'the version does not rise'),
      {
        ...asksOther('SendLocalList', { updateType: 'Full' }, 'the whole instead of changes'),
        nth: 2,
      },
    ],
  },
];
