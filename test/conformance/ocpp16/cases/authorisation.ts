import { answersOther, stationOther, type Case } from '../../script/case.ts';
import { authorizes, booted, tells, time } from './plays.ts';

const taken = answersOther('Authorize', { idTagInfo: { status: 'Accepted' } }, 'the token is taken');

export const authorisation: readonly Case[] = [
  {
    id: '023_1',
    run: async (t) => {
      const s = await booted(t);
      await authorizes(s, t.strange(), 'Invalid');
    },
    twins: [taken],
  },
  {
    id: '023_2',
    run: async (t) => {
      const idTag = await t.token({ expiresAt: time(-3_600_000) });
      const s = await booted(t);
      await authorizes(s, idTag, 'Expired');
    },
    twins: [taken],
  },
  {
    id: '023_3',
    run: async (t) => {
      const idTag = await t.token({ status: 'blocked' });
      const s = await booted(t);
      await authorizes(s, idTag, 'Blocked');
    },
    twins: [taken],
  },
  {
    id: '024',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      await authorizes(s, idTag);
      await tells(s, 1, 'Preparing');
      await tells(s, 1, 'Faulted', { errorCode: 'ConnectorLockFailure' });
      await t.connector(s, 1, { status: 'faulted', error: { code: 'ConnectorLockFailure' } });
    },
    twins: [
      answersOther('Authorize', { idTagInfo: { status: 'Invalid' } }, 'a known token is refused'),
      stationOther(
        'station says',
        'StatusNotification',
        { errorCode: 'OtherError' },
        { breaks: 'another error', fails: 'connector 1' },
      ),
    ],
  },
];
