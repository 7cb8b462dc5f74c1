import type { Answer, CommandTable, LocalListEntry, Outbound, StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { ocpp16 } from '../index.ts';

type Wanted = CommandTable['writeLocalList'];
const plan = ocpp16.outbound.writeLocalList as Outbound<Wanted>;
const stationOf = (variables: Readonly<Record<string, string>>): StationView =>
  ({ variable: (name: string) => variables[name], transactionOn: () => undefined }) as unknown as StationView;
const told = stationOf({ LocalAuthListMaxLength: '100', SendLocalListMaxLength: '2' });
const result = (payload: unknown): Answer => ({ kind: 'result', payload });
const version = (listVersion: number) => result({ listVersion });
const status = (word: string) => result({ status: word });

const entry = (value: string): LocalListEntry => ({ token: { value }, status: 'accepted' });
const entries = ['A', 'B', 'C', 'D', 'E'].map(entry);

const play = (wanted: Wanted, answers: readonly Answer[], station = told) => {
  const left = [...answers];
  const sent: unknown[] = [];
  let step = plan.start(wanted, station);
  while ('call' in step) {
    const { action, payload } = step.call;
    const list = payload as { listVersion: number; updateType: string; localAuthorizationList: { idTag: string }[] };
    sent.push(
      action === 'SendLocalList'
        ? [list.updateType, list.listVersion, list.localAuthorizationList.map((it) => it.idTag).join('')]
        : action,
    );
    step = plan.next(step.state, left.shift() ?? status('Accepted'));
  }
  return { sent, done: step.done };
};

describe('a local list', () => {
  test('is sent whole, in parts as long as the station takes them', () => {
    expect(play({ entries }, [version(4)])).toEqual({
      sent: ['GetLocalListVersion', ['Full', 5, 'AB'], ['Differential', 6, 'CD'], ['Differential', 7, 'E']],
      done: { status: 'accepted', localListVersion: 7 },
    });
  });

  test('is sent as what has changed, where the station has the version that we gave it', () => {
    const changes = [entry('E'), { token: { value: 'X' } }];
    expect(play({ entries, base: 7, changes }, [version(7)])).toEqual({
      sent: ['GetLocalListVersion', ['Differential', 8, 'EX']],
      done: { status: 'accepted', localListVersion: 8 },
    });
    expect(play({ entries, base: 7, changes: [] }, [version(7)])).toEqual({
      sent: ['GetLocalListVersion'],
      done: { status: 'accepted', localListVersion: 7 },
    });
  });

  test.each([
    ['an older version', 6],
    ['a newer one', 9],
    ['none', 0],
  ])('of %s than ours is repaired by the whole list', (_, at) => {
    const { sent, done } = play({ entries: entries.slice(0, 2), base: 7, changes: [entry('E')] }, [version(at)]);
    const next = Math.max(at, 7) + 1;
    expect(sent).toEqual(['GetLocalListVersion', ['Full', next, 'AB']]);
    expect(done).toEqual({ status: 'accepted', localListVersion: next });
  });

  test.each(['VersionMismatch', 'Failed'])('whose differential ends in %s is sent whole', (word) => {
    const { sent } = play({ entries: [entry('A')], base: 7, changes: [entry('A')] }, [version(7), status(word)]);
    expect(sent).toEqual(['GetLocalListVersion', ['Differential', 8, 'A'], ['Full', 9, 'A']]);
  });

  test('that fails whole has failed', () => {
    expect(play({ entries: [] }, [version(0), status('Failed')])).toEqual({
      sent: ['GetLocalListVersion', ['Full', 1, '']],
      done: { status: 'rejected', detail: 'Failed' },
    });
  });

  test('asks for the limits first where they are not known', () => {
    const limits = result({ configurationKey: [{ key: 'SendLocalListMaxLength', readonly: true, value: '4' }] });
    expect(play({ entries }, [limits, version(0)], stationOf({})).sent).toEqual([
      'GetConfiguration',
      'GetLocalListVersion',
      ['Full', 1, 'ABCD'],
      ['Differential', 2, 'E'],
    ]);
  });

  test('longer than the station keeps is not sent', () => {
    const station = stationOf({ LocalAuthListMaxLength: '4', SendLocalListMaxLength: '2' });
    expect(play({ entries }, [], station)).toEqual({
      sent: [],
      done: { status: 'rejected', detail: expect.stringMatching(/5 tokens and the station takes 4/) },
    });
  });

  test('of a station that keeps none is not supported', () => {
    expect(play({ entries }, [version(-1)]).done.status).toBe('unsupported');
    expect(play({ entries }, [version(0), status('NotSupported')]).done.status).toBe('unsupported');
  });

  test('ends with the connection', () => {
    expect(play({ entries }, [{ kind: 'timeout' }]).done.status).toBe('timeout');
    expect(play({ entries }, [version(0), { kind: 'closed' }]).done.status).toBe('failed');
  });

  test('writes status, expiry and group', () => {
    const one: LocalListEntry = {
      token: { value: 'A' },
      status: 'blocked',
      expiresAt: '2027-01-01T00:00:00.000Z',
      group: { value: 'FLEET' },
    };
    const first = plan.start({ entries: [one] }, told);
    const second = plan.next('state' in first ? first.state : undefined, version(1));
    expect('call' in second && second.call.payload).toEqual({
      listVersion: 2,
      updateType: 'Full',
      localAuthorizationList: [
        {
          idTag: 'A',
          idTagInfo: { status: 'Blocked', expiryDate: '2027-01-01T00:00:00.000Z', parentIdTag: 'FLEET' },
        },
      ],
    });
  });
});
