import type { Fact } from '@plugga/kit';
import { describe, expect, it } from 'vitest';
import { aStation, ref, stamp, status, t } from './story.test-station.ts';

type Main = Extract<Fact, { kind: 'started' | 'updated' | 'ended' }>;
const at = (clock: string, seqNo: number, content = `${clock} ${seqNo}`) => ({
  time: stamp(clock),
  transaction: { id: 'tx', seqNo },
  content,
  evse: 1,
  connector: 1,
});
const start = (clock = '12:00', seqNo = 0, more: Partial<Main> = {}): Fact =>
  ({ kind: 'started', ...at(clock, seqNo), token: { value: 'ABCD' }, ...more }) as Fact;
const update = (clock: string, seqNo: number, more: object = {}): Fact =>
  ({ kind: 'updated', ...at(clock, seqNo), ...more }) as Fact;
const end = (clock = '12:30', seqNo = 3, more: object = {}): Fact =>
  ({ kind: 'ended', ...at(clock, seqNo), ...more }) as Fact;
const meter = (clock: string, seqNo: number, value: string, context = 'Sample.Periodic', unit = 'Wh'): Fact => ({
  kind: 'metered',
  evse: 1,
  transaction: { id: 'tx', seqNo },
  readings: [{ time: stamp(clock), samples: [{ value, context, ...(unit ? { unit } : {}) }] }],
});
const state = (clock: string, seqNo: number, what: 'charging' | 'suspendedEV'): Fact => ({
  kind: 'state',
  transaction: { id: 'tx', seqNo },
  time: stamp(clock),
  state: what,
});

/** A whole transaction, one message an event. */
const messages: readonly (readonly Fact[])[] = [
  [start(), meter('12:00', 0, '1000', 'Transaction.Begin'), state('12:00', 0, 'charging')],
  [update('12:10', 1), meter('12:10', 1, '2500')],
  [update('12:20', 2), meter('12:20', 2, '4000'), state('12:20', 2, 'suspendedEV')],
  [end(), meter('12:30', 3, '6000', 'Transaction.End')],
];
const orders = <T>(items: readonly T[]): T[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((it, index) => orders(items.toSpliced(index, 1)).map((rest) => [it, ...rest]));

describe('a 2.x transaction', () => {
  it.each(orders([0, 1, 2, 3]))(
    'is the same session in the order %i %i %i %i, with every event told twice',
    (...order) => {
      const story = aStation({ clock: '13:00' });
      for (const index of [...order, ...order]) story.hear(...messages[index]!);
      story.at('13:01');
      const billable = story.corrected().at(-1)?.after ?? story.closed()[0]!.billable;
      expect(story.rows()).toHaveLength(1);
      expect(story.row()).toMatchObject({
        status: 'closed',
        startedAt: t('12:00'),
        endedAt: t('12:30'),
        energyWh: 5000,
        transactionId: 'tx',
        flags: [],
      });
      expect(billable.curve.map((it) => it.wh)).toEqual([0, 1500, 3000, 5000]);
      expect(billable.states.map((it) => it.state)).toEqual(['charging', 'suspendedEV']);
      expect(billable.token).toMatchObject(ref('ABCD'));
    },
  );
  it('keeps every event once', () => {
    const story = aStation({ clock: '13:00' });
    for (const facts of messages) story.hear(...facts);
    const before = story.log.length;
    for (const facts of messages) expect(story.hear(...facts).outcome.transaction).toEqual({ id: 'tx' });
    expect(story.log).toHaveLength(before);
  });
  it('is told by one event an update with readings, by another where the state is another', () => {
    const story = aStation({ clock: '13:00' });
    story.hear(start(), state('12:00', 0, 'charging'));
    const said = (...facts: readonly Fact[]): string[] => {
      const before = story.log.length;
      story.hear(...facts);
      return story.log.slice(before).map(({ type }) => type);
    };
    const periodic = [update('12:10', 1), meter('12:10', 1, '2500'), state('12:10', 1, 'charging')];
    expect(said(...periodic)).toEqual(['session.metered']);
    expect(said(...periodic)).toEqual([]);
    const waits = [update('12:20', 2), meter('12:20', 2, '4000'), state('12:20', 2, 'suspendedEV')];
    expect(said(...waits)).toEqual(['session.stateChanged', 'session.metered']);
    expect(said(...waits)).toEqual([]);
    expect(said(update('12:25', 3), state('12:25', 3, 'suspendedEV'))).toEqual([
      'session.updated',
      'session.stateChanged',
    ]);
  });
  it('keeps each state at its time, also those that were told as no news before one that was late', () => {
    const story = aStation({ clock: '13:00' });
    const periodic = (clock: string, seqNo: number, what: 'charging' | 'suspendedEV') =>
      story.hear(update(clock, seqNo), meter(clock, seqNo, String(1000 + 100 * seqNo)), state(clock, seqNo, what));
    story.hear(start(), meter('12:00', 0, '1000', 'Transaction.Begin'), state('12:00', 0, 'charging'));
    periodic('12:20', 2, 'charging');
    periodic('12:10', 1, 'suspendedEV');
    periodic('12:22', 3, 'charging');
    expect(story.log.filter(({ type }) => type === 'session.stateChanged').map(({ data }) => data)).toMatchObject([
      ...[
        { state: 'charging', time: stamp('12:00') },
        { state: 'suspendedEV', time: stamp('12:10') },
      ],
      // Who follows these alone has it right again from here on.
      { state: 'charging', time: stamp('12:22') },
    ]);
    story.hear(end('12:30', 4), meter('12:30', 4, '6000', 'Transaction.End'));
    story.at('13:01');
    const { states } = story.corrected().at(-1)?.after ?? story.closed()[0]!.billable;
    expect(states.map((it) => [it.state, it.from, it.to])).toEqual([
      ['charging', stamp('12:00'), stamp('12:10')],
      ['suspendedEV', stamp('12:10'), stamp('12:20')],
      ['charging', stamp('12:20'), stamp('12:30')],
    ]);
  });
  it('does not take equal seqNo with other content for a repeat: a real stack sends 0 always', () => {
    const story = aStation({ clock: '13:00' });
    const zero = (facts: readonly Fact[]) =>
      facts.map((it) => ({ ...it, transaction: { id: 'tx', seqNo: 0 } }) as Fact);
    for (const facts of messages) story.hear(...zero(facts));
    expect(story.row()).toMatchObject({ status: 'closed', energyWh: 5000, flags: ['seqNoRepeated'] });
  });
  it('takes the unit of its neighbours where the end leaves it out', () => {
    const story = aStation({ clock: '13:00' });
    story.hear(start(), meter('12:00', 0, '150.01', 'Transaction.Begin', 'kWh'));
    story.hear(end('12:30', 1), meter('12:30', 1, '170.83', 'Transaction.End', ''));
    expect(story.row()).toMatchObject({ energyWh: 20820, flags: ['unitAssumed'] });
  });
  it('with a missing seqNo waits for it, and closes when it comes', () => {
    const story = aStation({ clock: '13:00' });
    for (const index of [0, 1, 3]) story.hear(...messages[index]!);
    story.at('13:10');
    expect(story.row()).toMatchObject({ status: 'ended', flags: ['seqGap'] });
    story.hear(...messages[2]!);
    expect(story.row()).toMatchObject({ status: 'closed', flags: [] });
  });
  it('with a missing seqNo waits for it where a plugin asks to wait for a time that is past', () => {
    const story = aStation({ clock: '13:00' }).settle(t('12:45'));
    for (const index of [0, 1, 3]) story.hear(...messages[index]!);
    story.at('13:10');
    expect(story.row()).toMatchObject({ status: 'ended', flags: ['seqGap'] });
    story.hear(...messages[2]!);
    expect(story.row()).toMatchObject({ status: 'closed', flags: [] });
  });
  it('with a missing seqNo closes at the unplug', () => {
    const story = aStation({ clock: '13:00' });
    for (const index of [0, 1, 3]) story.hear(...messages[index]!);
    story.hear({ kind: 'status', evse: 1, connector: 1, status: 'available', raw: 'Available', time: stamp('12:40') });
    expect(story.row()).toMatchObject({ status: 'closed', flags: ['seqGap'] });
  });
  it('with a missing seqNo is asked about once a minute has passed, and not where none is missing', () => {
    const story = aStation({ clock: '13:00' });
    const asked = () => story.effects.filter((it) => it.kind === 'transactionStatus');
    for (const index of [0, 1, 3]) story.hear(...messages[index]!);
    story.at('13:00:59');
    expect(asked()).toEqual([]);
    story.at('13:01');
    expect(asked()).toEqual([{ kind: 'transactionStatus', session: story.row().id, transaction: 'tx' }]);
    story.at('14:00');
    expect(asked()).toHaveLength(1);
    const whole = aStation({ clock: '13:00' }).settle('unplug');
    for (const facts of messages) whole.hear(...facts);
    whole.at('14:00');
    expect(whole.effects.filter((it) => it.kind === 'transactionStatus')).toEqual([]);
  });
  it('with a missing seqNo is asked about, once, where our clock was set back since it was last heard', () => {
    const story = aStation({ clock: '15:00' });
    const asked = () => story.effects.filter((it) => it.kind === 'transactionStatus');
    for (const index of [0, 1]) story.hear(...messages[index]!);
    story.at('13:00').hear(...messages[3]!);
    story.at('13:01');
    expect(asked()).toHaveLength(1);
    story.at('14:00');
    expect(asked()).toHaveLength(1);
  });
  it('with more to tell stays open after its unplug, is asked again, and closes when it is whole', () => {
    const story = aStation({ clock: '13:00' });
    for (const index of [0, 1, 3]) story.hear(...messages[index]!);
    story.at('13:01').put({ kind: 'transactionStatus', session: story.row().id, messagesInQueue: true });
    story.hear({ kind: 'status', evse: 1, connector: 1, status: 'available', raw: 'Available', time: stamp('13:01') });
    expect(story.row()).toMatchObject({ status: 'ended', flags: ['seqGap', 'messagesInQueue'] });
    story.at('13:11');
    expect(story.effects.filter((it) => it.kind === 'transactionStatus')).toHaveLength(2);
    story.hear(...messages[2]!);
    expect(story.row()).toMatchObject({ status: 'closed', flags: [] });
  });
  it('that the station has told all of closes at the unplug with its gap', () => {
    const story = aStation({ clock: '13:00' });
    for (const index of [0, 1, 3]) story.hear(...messages[index]!);
    const { id: session } = story.row();
    story.put({ kind: 'transactionStatus', session, messagesInQueue: true });
    story.put({ kind: 'transactionStatus', session, messagesInQueue: false });
    story.hear({ kind: 'status', evse: 1, connector: 1, status: 'available', raw: 'Available', time: stamp('12:40') });
    expect(story.row()).toMatchObject({ status: 'closed', flags: ['seqGap'] });
  });
  it('that began before its EVSE was chosen takes the plug there and ends what was open', () => {
    const story = aStation({ clock: '12:40' });
    story.hear({ ...start('12:00'), transaction: { id: 'before', seqNo: 0 } } as Fact);
    story.hear(start('12:35', 0, { evse: 0, connector: undefined }));
    expect(story.row(1)).toMatchObject({ status: 'active', evse: null, flags: ['noEvse'] });
    expect(story.row(0).status).toBe('active');
    story.hear(update('12:36', 1));
    expect(story.row(1)).toMatchObject({ status: 'active', evse: 1, flags: [] });
    expect(story.row(0).flags).toContain('superseded');
  });
  it('keeps why the station told each event', () => {
    const story = aStation({ clock: '13:00' });
    const why = (fact: Fact, trigger: string): Fact =>
      ({
        ...fact,
        transaction: { id: 'tx', seqNo: 0, ...('transaction' in fact ? fact.transaction : {}), trigger },
      }) as Fact;
    story.hear(why(start(), 'CablePluggedIn'));
    story.hear(why(update('12:10', 1), 'Authorized'));
    story.hear(why(end('12:30', 2), 'EVDeparted'));
    expect(story.log.flatMap((it) => (it.data as { trigger?: string }).trigger ?? [])).toEqual([
      'CablePluggedIn',
      'Authorized',
      'EVDeparted',
    ]);
  });
  it('may be ended by its own token, whatever has become of it since', () => {
    const story = aStation({ clock: '13:00' });
    story.hear(start());
    story.decide('ABCD', 'blocked').decide('WXYZ', 'invalid');
    expect(story.hear(end('12:30', 1, { token: { value: 'ABCD' } })).outcome.authorization?.status).toBe('accepted');
    const other = aStation({ clock: '13:00' }).decide('WXYZ', 'invalid');
    other.hear(start());
    expect(other.hear(end('12:30', 1, { token: { value: 'WXYZ' } })).outcome.authorization?.status).toBe('invalid');
  });
  it('of an unknown id begins with an estimated start, which the real one replaces', () => {
    const story = aStation({ clock: '13:00' });
    story.hear(...messages[1]!);
    expect(story.row()).toMatchObject({ status: 'active', flags: ['estimatedStart'], startedAt: t('12:10') });
    story.hear(...messages[0]!);
    expect(story.row()).toMatchObject({ status: 'active', flags: [], startedAt: t('12:00') });
  });
  it('whose start was never heard ends all the same, and is held', () => {
    const story = aStation({ clock: '13:00' });
    story.hear(...messages[3]!);
    expect(story.row()).toMatchObject({ status: 'closed', flags: ['startMissing'] });
    expect(story.closed()[0]!.billable.held).toBe(true);
  });
  it('is where its end says, if nothing before it did', () => {
    const story = aStation({ clock: '13:00' });
    story.hear(...messages[3]!);
    expect(story.row()).toMatchObject({ status: 'closed', evse: 1, flags: ['startMissing'] });
    const late = aStation({ clock: '13:00' });
    late.hear({ ...start('12:10'), transaction: { id: 'before', seqNo: 0 } } as Fact);
    late.hear(start('12:20', 0, { evse: 0, connector: undefined }));
    late.hear(end('12:30', 1), meter('12:30', 1, '6000', 'Transaction.End'));
    expect(late.row(1)).toMatchObject({ evse: 1, flags: [] });
    expect(late.row(0).flags).toContain('superseded');
  });
  it('ends once: what a second end says otherwise changes nothing', () => {
    const story = aStation({ clock: '13:00' });
    for (const facts of messages) story.hear(...facts);
    story.hear(end('12:31', 4), meter('12:31', 4, '7000', 'Transaction.End'));
    story.hear(end('12:32', 5), meter('12:32', 5, '3000', 'Transaction.End'));
    expect(story.rows()).toHaveLength(1);
    expect(story.row()).toMatchObject({ status: 'closed', endedAt: t('12:30'), energyWh: 5000, flags: [] });
    expect(story.corrected()).toEqual([]);
  });
  it('has the register of the end that was heard first where all events are number 0, whatever time a second end says', () => {
    const story = aStation({ clock: '13:00' });
    story.hear(start(), meter('12:00', 0, '1000', 'Transaction.Begin'));
    story.hear(end('12:30', 0), meter('12:30', 0, '6000', 'Transaction.End'));
    story.hear(end('12:29', 0), meter('12:29', 0, '3000', 'Transaction.End'));
    expect(story.row()).toMatchObject({ endedAt: t('12:30'), energyWh: 5000, flags: ['seqNoRepeated'] });
  });
  it('is not opened again by an update after its end', () => {
    const story = aStation({ clock: '13:00' });
    for (const facts of messages) story.hear(...facts);
    story.hear(update('12:31', 4));
    expect(story.row().status).toBe('closed');
  });
  it('whose start is told last takes from the one before what was read of its own, and it is corrected', () => {
    const story = aStation({ clock: '12:30' });
    story.hear(...messages[0]!);
    const next = (fact: Fact, seqNo: number): Fact => ({ ...fact, transaction: { id: 'next', seqNo } }) as Fact;
    const read = (value: string): Fact => ({
      kind: 'metered',
      evse: 1,
      readings: [{ time: stamp('12:20'), samples: [{ value, unit: 'Wh' }] }],
    });
    story.hear(read('2600'));
    story.hear(next(update('12:20', 2), 2), next(meter('12:20', 2, '2600'), 2));
    expect(story.row(0)).toMatchObject({ endedAt: t('12:20'), energyWh: 1600 });
    story.hear(
      next(start('12:15', 0, { token: { value: 'WXYZ' } }), 0),
      next(meter('12:15', 0, '2100', 'Transaction.Begin'), 0),
    );
    expect(story.row(0)).toMatchObject({ endedAt: t('12:15'), energyWh: 0 });
    expect(story.row(0).flags).toEqual(expect.arrayContaining(['estimatedEnd', 'superseded']));
    expect(story.row(1)).toMatchObject({ status: 'active', startedAt: t('12:15'), meterStartWh: 2100 });
  });
  it('that is told after a later one of its EVSE takes from the one before what was read of its own', () => {
    const story = aStation({ clock: '12:30' });
    story.hear(...messages[0]!);
    story.hear({
      kind: 'metered',
      evse: 1,
      readings: [{ time: stamp('12:20'), samples: [{ value: '2600', unit: 'Wh' }] }],
    });
    const of = (id: string, fact: Fact): Fact => ({ ...fact, transaction: { id, seqNo: 0 } }) as Fact;
    story.hear(of('last', start('12:25')), of('last', meter('12:25', 0, '2700', 'Transaction.Begin')));
    expect(story.row(0)).toMatchObject({ endedAt: t('12:20'), energyWh: 1600 });
    story.hear(of('between', start('12:10')), of('between', meter('12:10', 0, '1300', 'Transaction.Begin')));
    expect(story.row(0)).toMatchObject({ endedAt: t('12:10'), energyWh: 0 });
    expect(story.corrected().at(-1)?.after).toMatchObject({ energyWh: 0 });
  });
  it('whose EVSE is told after a later one began there takes from the one before what was read of its own', () => {
    const story = aStation({ clock: '12:30' });
    story.hear(...messages[0]!);
    story.hear({
      kind: 'metered',
      evse: 1,
      readings: [{ time: stamp('12:20'), samples: [{ value: '2600', unit: 'Wh' }] }],
    });
    const of = (id: string, seqNo: number, fact: Fact): Fact => ({ ...fact, transaction: { id, seqNo } }) as Fact;
    story.hear(of('between', 0, start('12:10', 0, { evse: 0, connector: undefined })));
    story.hear(of('last', 0, start('12:25')));
    expect(story.row(0)).toMatchObject({ endedAt: t('12:20'), energyWh: 1600 });
    story.hear(of('between', 1, update('12:11', 1)));
    expect(story.row(0)).toMatchObject({ endedAt: t('12:10'), energyWh: 0 });
  });
  it('of an id that was used before is another when its start is later than the end', () => {
    const story = aStation({ clock: '15:00' });
    for (const facts of messages) story.hear(...facts);
    story.hear(start('14:00', 0));
    expect(story.rows().map((it) => [it.status, it.transactionId])).toEqual([
      ['closed', 'tx'],
      ['active', 'tx'],
    ]);
    story.hear(update('14:10', 1), meter('14:10', 1, '9000'));
    expect(story.row(1).meterStartWh).toBe(9000);
    story.hear(update('12:25', 9));
    expect(story.log.at(-1)!.session).toBe(story.row(0).id);
    story.hear(update('11:50', 8));
    expect(story.log.at(-1)!.session).toBe(story.row(0).id);
  });
  it('of an id that was used before is another when the station has lost its memory, and never told the end', () => {
    const story = aStation({ clock: '12:30' });
    for (const facts of messages.slice(0, 3)) story.hear(...facts);
    story.hear(start('12:05', 0));
    expect(story.rows()).toHaveLength(1);
    story.hear({ kind: 'booted', vendor: 'V', model: 'M' });
    story.hear(start('12:15', 0));
    expect(story.rows()).toHaveLength(1);
    story.at('12:40').hear(start('12:40', 0), meter('12:40', 0, '4000', 'Transaction.Begin'));
    expect(story.rows().map((it) => [it.status, it.energyWh])).toEqual([
      ['closed', 3000],
      ['active', 0],
    ]);
    expect(story.row(0).flags).toEqual(expect.arrayContaining(['estimatedEnd', 'superseded']));
    story.at('12:50').hear(end('12:50', 1), meter('12:50', 1, '4500', 'Transaction.End'));
    expect(story.row(1)).toMatchObject({ status: 'closed', energyWh: 500 });
  });
  it('of an id that was used before is another after a boot, though its connector charges again already', () => {
    const story = aStation({ clock: '12:30' });
    for (const facts of messages.slice(0, 3)) story.hear(...facts);
    story.hear({ kind: 'booted', vendor: 'V', model: 'M' });
    story.at('12:40').hear(status('charging', '12:40'));
    expect(story.row().flags).toEqual([]);
    story.hear(start('12:40', 0, { token: { value: 'WXYZ' } }), meter('12:40', 0, '4000', 'Transaction.Begin'));
    expect(story.rows().map((it) => [it.status, it.energyWh])).toEqual([
      ['closed', 3000],
      ['active', 0],
    ]);
  });
  it('of an id that was used before is another after a boot, though its connector was read in between', () => {
    const story = aStation({ clock: '12:30' });
    for (const facts of messages.slice(0, 3)) story.hear(...facts);
    story.hear({ kind: 'booted', vendor: 'V', model: 'M' });
    story.at('12:35').hear({
      kind: 'metered',
      evse: 1,
      readings: [{ time: stamp('12:35'), samples: [{ value: '3500', unit: 'Wh' }] }],
    });
    story.at('12:40').hear(start('12:40', 0, { token: { value: 'WXYZ' } }));
    expect(story.rows().map((it) => [it.status, it.token])).toEqual([
      ['closed', 'token-ABCD'],
      ['active', 'token-WXYZ'],
    ]);
  });
  it.each([['while it charges'], ['after its end']])(
    'whose start comes last, %s, and of a time ahead of us, is one',
    (when) => {
      const story = aStation({ clock: '12:12' });
      story.hear(update('12:10', 1), meter('12:10', 1, '2500'));
      story.hear({ kind: 'booted', vendor: 'V', model: 'M' });
      if (when === 'after its end') story.hear(end('12:11', 2), meter('12:11', 2, '6000', 'Transaction.End'));
      story.at('12:13').hear(start('14:00', 0), meter('14:00', 0, '1000', 'Transaction.Begin'));
      expect(story.rows()).toHaveLength(1);
      expect(story.row()).toMatchObject({ token: 'token-ABCD', meterStartWh: 1000 });
      expect(story.row().flags).not.toContain('estimatedStart');
    },
  );
  it('whose start was lost is another than one of its id and number that starts at a time ahead of us', () => {
    const story = aStation({ clock: '12:12' });
    story.hear(update('12:10', 0), meter('12:10', 0, '2500'));
    story.hear(end('12:11', 0), meter('12:11', 0, '6000', 'Transaction.End'));
    story.at('12:13').hear(start('14:00', 0), meter('14:00', 0, '7000', 'Transaction.Begin'));
    expect(story.rows()).toHaveLength(2);
  });
  it('has the readings of MeterValues messages during it', () => {
    const story = aStation({ clock: '12:15' });
    story.hear(start());
    story.hear({
      kind: 'metered',
      evse: 1,
      readings: [{ time: stamp('12:10'), samples: [{ value: '1000', unit: 'Wh' }] }],
    });
    expect(story.log.at(-1)).toMatchObject({ type: 'session.metered', session: story.row().id });
  });
  it('may be plugged in first and get its token later', () => {
    const story = aStation({ clock: '12:15' }).decide('ABCD', 'accepted');
    story.hear(start('12:00', 0, { token: undefined }));
    expect(story.row().token).toBeNull();
    story.hear(update('12:05', 1, { token: { value: 'ABCD' } }));
    expect(story.row()).toMatchObject({ status: 'active', token: 'token-ABCD' });
    expect(story.types()).toContain('session.authorized');
  });
  it('keeps the token that it runs on when another card is refused', () => {
    const story = aStation({ clock: '12:15' }).decide('WXYZ', 'invalid');
    story.hear(start());
    story.hear(update('12:05', 1, { token: { value: 'WXYZ' } }));
    expect(story.row()).toMatchObject({ status: 'active', token: 'token-ABCD', flags: [] });
  });
  it('ends at its own EVSE the one before when it starts later', () => {
    const story = aStation({ clock: '12:40' });
    story.hear(start(), meter('12:00', 0, '1000', 'Transaction.Begin'));
    story.hear({ ...start('12:35'), transaction: { id: 'next', seqNo: 0 } } as Fact);
    expect(story.row(0).flags).toContain('superseded');
    expect(story.row(1)).toMatchObject({ status: 'active', transactionId: 'next' });
  });
  it('is unplugged by its own event', () => {
    const story = aStation({ clock: '13:00' }).settle('unplug');
    for (const facts of messages) story.hear(...facts);
    expect(story.row().status).toBe('ended');
    story.hear(update('12:45', 4), { kind: 'unplugged', transaction: { id: 'tx', seqNo: 4 }, time: stamp('12:45') });
    expect(story.row().status).toBe('closed');
    expect(story.closed()[0]!.billable.unpluggedAt).toBe(stamp('12:45'));
  });
});

describe('a remoteStartId', () => {
  const request = (remoteStartId: number, token = 'ABCD') =>
    ({
      kind: 'request',
      evse: 1,
      token: ref(token),
      decision: { ref: ref(token), by: 'local', status: 'accepted', payer: 'payer-1' },
      remoteStartId,
      command: 'command-1',
      actor: 'key:1',
    }) as const;

  it('finds its request', () => {
    const story = aStation();
    story.put(request(7));
    story.hear(start('12:00', 0, { remoteStartId: 7, token: undefined }));
    expect(story.rows()).toHaveLength(1);
    expect(story.row()).toMatchObject({ status: 'active', token: 'token-ABCD' });
  });
  it('that comes with another session’s event moves the request to that session', () => {
    const story = aStation();
    story.hear(start('12:00', 0, { token: undefined, evse: 2 } as Partial<Main>));
    story.put(request(7));
    story.at('12:01').hear(update('12:01', 1, { remoteStartId: 7, evse: 2 }));
    expect(story.rows().map((it) => [it.status, it.token])).toEqual([
      ['active', 'token-ABCD'],
      ['void', 'token-ABCD'],
    ]);
    expect(story.effects).toContainEqual({ kind: 'effect', command: 'command-1', effect: story.row(0).id });
  });
  it('that nobody names leaves the charge to the token that the station shows, and bills it no price of the request', () => {
    const story = aStation({ clock: '12:15' }).decide('WXYZ', 'accepted');
    story.put({ ...request(7), offer: 'offer-1', channel: 'app' });
    story.hear(status('occupied', '12:15'));
    story.hear(start('12:15', 0, { token: undefined }), meter('12:15', 0, '1000', 'Transaction.Begin'));
    expect(story.row()).toMatchObject({ status: 'active', token: 'token-ABCD' });
    story.at('12:16').hear(update('12:16', 1, { token: { value: 'WXYZ' } }));
    expect(story.row()).toMatchObject({ status: 'active', token: 'token-WXYZ' });
    story.at('12:30').hear(end('12:30', 2), meter('12:30', 2, '2000', 'Transaction.End'));
    const { billable } = story.closed()[0]!;
    expect(billable).toMatchObject({ token: ref('WXYZ'), energyWh: 1000, held: false });
    expect([billable.payer, billable.offer, billable.channel]).toEqual([undefined, undefined, undefined]);
  });
  it('of a request stays with its charge when another card stops it', () => {
    const story = aStation({ clock: '12:15' }).decide('WXYZ', 'accepted');
    story.put(request(7));
    story.hear(status('occupied', '12:15'));
    story.hear(start('12:15', 0, { token: undefined }));
    const stop = { ...at('12:20', 1), transaction: { id: 'tx', seqNo: 1, trigger: 'StopAuthorized' } };
    story.at('12:20').hear({ kind: 'updated', ...stop, token: { value: 'WXYZ' } } as Fact);
    expect(story.row()).toMatchObject({ status: 'active', token: 'token-ABCD' });
  });
  it('of a request that joined what charged there, and that the station refused, leaves that charge to whoever it is of', () => {
    const story = aStation({ clock: '12:15' });
    story.hear(start('12:00', 0, { token: undefined }), meter('12:00', 0, '1000', 'Transaction.Begin'));
    story.put({ ...request(7), offer: 'offer-1' });
    expect(story.row().token).toBe('token-ABCD');
    story.put({ kind: 'command', command: 'command-1', name: 'start', status: 'rejected' });
    expect(story.row()).toMatchObject({ status: 'active', token: null, flags: ['requestRefused'] });
    // Whoever asks next waits for a start of their own.
    story.put({ ...request(8, 'EFGH'), command: 'command-2' });
    expect(story.rows()).toHaveLength(2);
    story.at('12:30').hear(end('12:30', 1, { token: { value: 'WXYZ' } }), meter('12:30', 1, '2000', 'Transaction.End'));
    const { billable } = story.closed()[0]!;
    expect(billable).toMatchObject({ token: ref('WXYZ'), energyWh: 1000 });
    expect([billable.payer, billable.offer]).toEqual([undefined, undefined]);
  });
  it('of a request that was refused before its charge began is still taken by the start that names it', () => {
    const story = aStation({ clock: '12:15' });
    story.put(request(7));
    story.put({ kind: 'command', command: 'command-1', name: 'start', status: 'rejected' });
    story.hear(start('12:15', 0, { remoteStartId: 7, token: undefined }));
    expect(story.row()).toMatchObject({ status: 'active', token: 'token-ABCD', flags: [] });
  });
  it('of a request for an EVSE where a session started before its token joins that session', () => {
    const story = aStation();
    story.hear(start('12:00', 0, { token: undefined }));
    story.put(request(7));
    expect(story.rows()).toHaveLength(1);
    expect(story.row()).toMatchObject({ status: 'active', token: 'token-ABCD' });
    story.at('12:30').hear(end(), meter('12:30', 3, '6000', 'Transaction.End'));
    expect(story.state.sessions[0]!.decisions[0]).toMatchObject({ accepted: true, payer: 'payer-1' });
  });
});
