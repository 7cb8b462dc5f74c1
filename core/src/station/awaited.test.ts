import { describe, expect, it } from 'vitest';
import { aStation, booted, ended, ref, stamp, started, status, t, type Story } from '../session/story.test-station.ts';

const accept = (story: Story, name: string, asked: object = {}, resultStatus: 'accepted' | 'scheduled' = 'accepted') =>
  story.put({
    kind: 'command',
    command: 'c',
    name,
    status: 'accepted',
    asked: { ...asked },
    result: { status: resultStatus },
  });
const progress = (of: 'firmware' | 'diagnostics' | 'log', word: string, request?: number) =>
  ({ kind: 'progress', of, status: word, ...(request === undefined ? {} : { request }) }) as const;
/** What became of the command, as its row is told. */
const told = (story: Story) =>
  story.effects
    .filter((it) => it.kind === 'effect' || it.kind === 'unseen' || it.kind === 'awaiting')
    .map((it) =>
      it.kind === 'effect' ? `seen ${it.effect}` : it.kind === 'unseen' ? `unseen ${it.detail}` : 'awaiting',
    );
const request = (story: Story) =>
  story.put({
    kind: 'request',
    evse: 1,
    token: ref('driver'),
    decision: { status: 'accepted', ref: ref('driver'), by: 'local' },
    remoteStartId: 5,
    command: 'c',
    actor: 'key:1',
  });

describe('a command that was accepted is followed to its effect', () => {
  it('a start to its session', () => {
    const story = aStation();
    request(story);
    accept(story, 'start');
    story.at('12:01').hear(started('12:01', { token: 'driver' }));
    expect(told(story)).toEqual(['awaiting', `seen ${story.row().id}`]);
    expect(story.state.awaited).toEqual([]);
  });

  it('a start whose session began before its answer came', () => {
    const story = aStation();
    request(story);
    story.hear(started('12:00', { token: 'driver' }));
    accept(story, 'start');
    expect(told(story).at(-1)).toBe(`seen ${story.row().id}`);
    expect(told(story)).not.toContain('awaiting');
  });

  it('a start that nobody plugs in for is not seen in time', () => {
    const story = aStation();
    request(story);
    accept(story, 'start');
    story.at('12:30');
    expect(told(story)).toEqual(['awaiting', `unseen nothing was seen of it by ${stamp('12:05')}`]);
  });

  it('a stop to the end of its session', () => {
    const story = aStation();
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    const session = story.row().id;
    story.put({ kind: 'stopRequest', session, by: 'key:1', command: 'c' });
    accept(story, 'stop', { session });
    story.at('12:01').hear(ended('12:01', id));
    expect(told(story)).toEqual(['awaiting', `seen ${session}`]);
  });

  it('a reset to the boot, and to none', () => {
    const story = aStation();
    story.hear(booted());
    accept(story, 'reset');
    story.at('12:02').hear(booted());
    expect(told(story)).toEqual(['awaiting', 'seen booted']);
    const other = aStation();
    other.hear(booted());
    accept(other, 'reset');
    expect(told(other.at('12:04'))).toEqual(['awaiting']);
    expect(told(other.at('12:06')).at(-1)).toMatch(/^unseen nothing was seen/);
  });

  it('an unlock to the plug that is out; where none was in, the answer is all', () => {
    const story = aStation();
    story.hear(status('finishing', '12:00'));
    accept(story, 'unlock', { evse: 1 });
    story.hear({ ...status('available', '12:00:10'), evse: 2 } as never);
    expect(told(story)).toEqual(['awaiting']);
    story.hear(status('available', '12:00:20'));
    expect(told(story).at(-1)).toBe('seen available');
    const free = aStation();
    free.hear(status('available', '12:00'));
    accept(free, 'unlock', { evse: 1 });
    expect(told(free)).toEqual(['seen unlocked']);
  });

  it('an availability to the status of all that it is about', () => {
    const story = aStation();
    story.hear(status('available', '12:00'), { ...status('available', '12:00'), evse: 2 } as never);
    accept(story, 'availability', { evse: 0, operative: false });
    story.hear(status('unavailable', '12:00:10'));
    expect(told(story)).toEqual(['awaiting']);
    story.hear({ ...status('unavailable', '12:00:11'), evse: 2 } as never);
    expect(told(story).at(-1)).toBe('seen inoperative');
    accept(story, 'availability', { evse: 1, operative: false });
    expect(told(story).at(-1)).toBe('seen inoperative');
  });

  it('a scheduled availability waits as long as a session may last', () => {
    const story = aStation();
    story.hear(status('charging', '12:00'));
    accept(story, 'availability', { evse: 1, operative: false }, 'scheduled');
    story.at('18:00');
    expect(told(story)).toEqual(['awaiting']);
    story.hear(status('unavailable', '18:00'));
    expect(told(story).at(-1)).toBe('seen inoperative');
  });

  it('firmware to its installation, by its own request', () => {
    const story = aStation();
    accept(story, 'updateFirmware', { request: 7, retrieveAt: stamp('14:00') });
    expect(story.state.awaited).toMatchObject([{ until: stamp('16:00') }]);
    story.hear(progress('firmware', 'downloading', 7), progress('firmware', 'installed', 6));
    expect(told(story)).toEqual(['awaiting']);
    story.hear(progress('firmware', 'installed', 7));
    expect(told(story).at(-1)).toBe('seen installed');
  });

  it.each(['invalidSignature', 'downloadFailed', 'installationFailed'])(
    'firmware that ends in %s has failed',
    (word) => {
      const story = aStation();
      accept(story, 'updateFirmware', { request: 7 });
      story.hear(progress('firmware', word));
      expect(told(story).at(-1)).toBe(`unseen ${word}`);
      expect(story.log.at(-1)).toMatchObject({ type: 'command.changed', data: { unseen: true, detail: word } });
      story.hear(progress('firmware', 'installed'));
      expect(told(story)).toHaveLength(2);
    },
  );

  it.each(['diagnostics', 'log'] as const)('%s to the upload', (of) => {
    const story = aStation();
    accept(story, of === 'log' ? 'getLog' : 'getDiagnostics', { request: 3 });
    story.hear(progress(of, 'uploading'));
    story.hear(progress(of, 'uploaded'));
    expect(told(story)).toEqual(['awaiting', 'seen uploaded']);
    expect(story.types().filter((it) => it === 'upload.changed')).toHaveLength(2);
  });

  it('a log that another took the place of is not awaited any more', () => {
    const story = aStation();
    accept(story, 'getLog', { request: 3 });
    story.hear(progress('log', 'acceptedCanceled', 4));
    expect(told(story)).toEqual(['awaiting']);
    story.hear(progress('log', 'acceptedCanceled', 3));
    expect(told(story).at(-1)).toBe('unseen superseded');
  });

  it.each([
    ['getLog', progress('log', 'uploaded', 4), 'seen uploaded'],
    ['updateFirmware', progress('firmware', 'installed', 4), 'seen installed'],
  ] as const)('%s that says that it took the place of another ends that one, and no other', (name, done, seen) => {
    const story = aStation();
    const asked = (command: string, of: string, request: number, result: object = {}) =>
      story.put({
        ...{ kind: 'command', command, name: of, status: 'accepted', asked: { request } },
        result: { status: 'accepted', ...result },
      });
    asked('first', name, 3);
    asked('aside', name === 'getLog' ? 'updateFirmware' : 'getLog', 9);
    asked('second', name, 4, { supersedes: true });
    const ends = () => story.effects.filter((it) => it.kind === 'unseen' || it.kind === 'effect');
    expect(ends()).toEqual([{ kind: 'unseen', command: 'first', detail: 'superseded' }]);
    expect(story.state.awaited?.map(({ command }) => command)).toEqual(['aside', 'second']);
    story.hear(done);
    expect(told(story).at(-1)).toBe(seen);
  });

  it('a reset that is put off waits as long as a session may last, one of an EVSE to its connectors', () => {
    const story = aStation();
    accept(story, 'reset', {}, 'scheduled');
    expect(story.state.awaited).toMatchObject([
      { what: 'boot', until: new Date(Date.parse(stamp('12:00')) + 86_400_000).toISOString() },
    ]);
    const other = aStation();
    accept(other, 'reset', { evse: 1 });
    other.hear(status('unavailable', '12:00'));
    expect(told(other)).toEqual(['awaiting']);
    other.hear(status('available', '12:01'));
    expect(told(other).at(-1)).toBe('seen available');
  });

  it('a trigger to the message, of that connector', () => {
    const story = aStation();
    accept(story, 'trigger', { message: 'status', evse: 1 });
    story.hear({ ...status('available', '12:00'), evse: 2 } as never);
    expect(told(story)).toEqual(['awaiting']);
    story.hear(status('available', '12:00'));
    expect(told(story)).toHaveLength(2);
    accept(story, 'trigger', { message: 'heartbeat' });
    story.hear({ kind: 'seen' });
    expect(told(story)).toHaveLength(4);
  });

  it('a trigger whose message came before the answer to it, and one that was refused all the same', () => {
    const sent = (story: Story, answer: 'accepted' | 'rejected') => {
      const asked = { message: 'heartbeat' };
      story.put({ kind: 'command', command: 'c', name: 'trigger', status: 'sent', asked });
      story.hear({ kind: 'seen' });
      story.put({ kind: 'command', command: 'c', name: 'trigger', status: answer, asked });
      return told(story);
    };
    const story = aStation();
    expect(sent(story, 'accepted')).toEqual(['seen seen']);
    expect(sent(aStation(), 'rejected')).toEqual([]);
    expect(story.state.watched).toEqual([]);
  });

  it('an update or an upload that failed, or was done, before the answer to it', () => {
    const sent = (name: 'updateFirmware' | 'getDiagnostics' | 'getLog', fact: ReturnType<typeof progress>) => {
      const story = aStation();
      const asked = { request: 7 };
      story.put({ kind: 'command', command: 'c', name, status: 'sent', asked });
      story.hear(fact);
      story.hear(progress(fact.of, 'idle'));
      story.put({ kind: 'command', command: 'c', name, status: 'accepted', asked });
      return told(story);
    };
    expect(sent('updateFirmware', progress('firmware', 'downloadFailed'))).toEqual(['unseen downloadFailed']);
    expect(sent('updateFirmware', progress('firmware', 'installed', 6))).toEqual(['awaiting']);
    expect(sent('getDiagnostics', progress('diagnostics', 'uploaded'))).toEqual(['seen uploaded']);
    expect(sent('getLog', progress('log', 'permissionDenied', 7))).toEqual(['unseen permissionDenied']);
  });

  it('a restart, or a reserved connector, that came before the answer to it', () => {
    const sent = (name: 'reset' | 'reserve', fact: ReturnType<typeof booted>, asked: object) => {
      const story = aStation();
      story.put({ kind: 'command', command: 'c', name, status: 'sent', asked: { ...asked } });
      story.hear(fact);
      story.put({ kind: 'command', command: 'c', name, status: 'accepted', asked: { ...asked } });
      return told(story);
    };
    expect(sent('reset', booted(), {})).toEqual(['seen booted']);
    expect(sent('reset', status('available', '12:00'), {})).toEqual(['awaiting']);
    expect(sent('reserve', status('reserved', '12:00'), { evse: 1 })).toEqual(['seen reserved']);
    expect(sent('reserve', status('reserved', '12:00', 2), { evse: 1 })).toEqual(['awaiting']);
  });

  it('a reservation to the connector that is reserved', () => {
    const story = aStation();
    accept(story, 'reserve', { evse: 1 });
    story.hear(status('reserved', '12:00'));
    expect(told(story)).toEqual(['awaiting', 'seen reserved']);
  });

  it('also across a restart', () => {
    const story = aStation();
    accept(story, 'updateFirmware', { request: 7 });
    story.restart().hear(progress('firmware', 'installed', 7));
    expect(told(story).at(-1)).toBe('seen installed');
  });

  it('but not where nothing is to be seen, or nothing was accepted', () => {
    const story = aStation();
    accept(story, 'clearCache');
    story.put({ kind: 'command', command: 'c', name: 'reset', status: 'rejected' });
    expect(told(story)).toEqual([]);
    expect(story.at('13:00').log.map((it) => it.type)).toEqual(['command.changed', 'command.changed']);
  });
});

describe('a security event', () => {
  const event = (type: string, time?: string) => ({ kind: 'security', type, time }) as const;
  it('is kept with its own time, and is an alarm where somebody must look at it', () => {
    const story = aStation();
    story.hear(event('TamperDetectionActivated', stamp('11:50')));
    expect(story.log).toMatchObject([
      { type: 'security.noted', data: { kind: 'TamperDetectionActivated', origin: 'station', critical: true } },
    ]);
    expect(story.log[0]?.at).toBe(t('11:50'));
    expect(story.effects).toEqual([{ kind: 'alarm', what: 'TamperDetectionActivated' }]);
  });
  it('of every day is critical and wakes nobody; one of nobody’s list is only kept', () => {
    const story = aStation();
    story.hear(event('StartupOfTheDevice'), event('constructor'));
    expect(story.log.map((it) => (it.data as { critical?: boolean }).critical)).toEqual([true, undefined]);
    expect(story.effects).toEqual([]);
  });
});

it('a certificate that was asked for is told with the answer', () => {
  const story = aStation();
  story.put({
    kind: 'message',
    action: 'SignCertificate',
    messageId: 'm',
    facts: [{ kind: 'certificateRequested', csr: 'CSR' }],
    deviations: [],
    relayed: { signCertificate: { accept: true }, by: 'certificates' },
  });
  expect(story.log).toMatchObject([{ data: { csr: 'CSR', accepted: true, by: 'certificates' } }]);
});
