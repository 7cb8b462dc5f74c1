import { asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { matching, positive } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { booted, idTokenOf } from './plays.ts';

/** AuthorizationData of a token that is good, and the group that it is of. */
export const onList = (token: string, group?: string): Payload => ({
  idToken: idTokenOf(token),
  idTokenInfo: {
    status: 'Accepted',
    ...(group !== undefined && { groupIdToken: { idToken: group, type: matching(/./) } }),
  },
});
const entry = (token: string): Payload => onList(token);

/** The operator brings the list to those tokens; gives the version that the station then has. */
export async function writesList(
  t: Stage,
  s: Station,
  o: {
    readonly mode: 'full' | 'differential';
    readonly tokens: readonly string[];
    readonly has: unknown;
    readonly sent: readonly Payload[];
  },
): Promise<unknown> {
  s.allows({ GetLocalListVersion: { versionNumber: o.has } });
  const { mode, tokens, sent } = o;
  const command = await t.asks(s, { type: 'writeLocalList', mode, tokens: tokens.map(t.idOf) });
  const { versionNumber } = await s.hears(
    'SendLocalList',
    {
      ...{ versionNumber: positive, updateType: mode === 'full' ? 'Full' : 'Differential' },
      ...(sent.length > 0 && { localAuthorizationList: sent }),
    },
    { status: 'Accepted' },
  );
  await command.ends({ status: 'accepted', result: { localListVersion: versionNumber } });
  return versionNumber;
}

/** A full list of one or two, then only what is other. */
const changes = (
  id: string,
  of: (
    first: string,
    second: string,
  ) => {
    readonly before: readonly string[];
    readonly after: readonly string[];
    readonly sent: readonly Payload[];
  },
): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const { before, after, sent } = of(await t.token(), await t.token());
    const has = await writesList(t, s, { mode: 'full', tokens: before, has: 0, sent: before.map(entry) });
    const then = await writesList(t, s, { mode: 'differential', tokens: after, has, sent });
    t.must('SendLocalList comes: a later version', (then as number) > (has as number), true);
  },
  twins: [
    {
      ...asksOther('SendLocalList', { versionNumber: 1 }, 'the version does not rise'),
      ...{ nth: 2, fails: 'the command' },
    },
    { ...asksOther('SendLocalList', { updateType: 'Full' }, 'the whole instead of changes'), nth: 2 },
    contrary('SendLocalList', 'Failed', 1),
  ],
});

const version = (id: string, versionNumber: number): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'readLocalList' });
    await s.hears('GetLocalListVersion', {}, { versionNumber });
    await command.ends({ status: 'accepted', result: { localListVersion: versionNumber } });
  },
  twins: [
    asksOther('GetLocalListVersion', { full: true }, 'a member that is not there'),
    stationOther(
      'station answers',
      'GetLocalListVersion',
      { versionNumber: versionNumber + 1 },
      { breaks: 'another version', fails: 'the command' },
    ),
  ],
});

export const localList: readonly Case[] = [
  {
    id: 'D_01',
    run: async (t) => {
      const s = await booted(t);
      const token = await t.token();
      await writesList(t, s, { mode: 'full', tokens: [token], has: 0, sent: [entry(token)] });
    },
    twins: [
      asksOther('SendLocalList', { localAuthorizationList: [entry('ANOTHER')] }, 'another token is on it'),
      contrary('SendLocalList', 'Failed'),
    ],
  },
  changes('D_02', (first, second) => ({ before: [first], after: [first, second], sent: [entry(second)] })),
  changes('D_03', (first, second) => ({
    ...{ before: [first, second], after: [first] },
    // Without idTokenInfo it is taken off.
    sent: [{ idToken: idTokenOf(second) }],
  })),
  {
    id: 'D_04',
    run: async (t) => {
      const s = await booted(t);
      await writesList(t, s, { mode: 'full', tokens: [], has: 4, sent: [] });
    },
    twins: [
      asksOther('SendLocalList', { localAuthorizationList: [entry('ANOTHER')] }, 'somebody is on it'),
      contrary('SendLocalList', 'Failed'),
    ],
  },
  version('D_08', 7),
  version('D_09', 0),
];
