import { defineEvent, type Logged, onBatch, z } from '@plugga/kit';
import { expect, test } from 'vitest';
import { createDispatch } from './dispatch.ts';

const metered = defineEvent({ type: 'session.metered', v: 1, data: z.object({ signed: z.boolean() }) });
const closed = defineEvent({ type: 'session.closed', v: 1, data: z.object({}) });
const event = (type: string, data: unknown): Logged =>
  ({ id: 'e1', position: 1n, tenant: 't', stream: 's', seq: 1, type, v: 1, at: 0, receivedAt: 0, data }) as never;

test('a plugin that chooses is not run for what it leaves out, of those types alone', async () => {
  const seen: string[] = [];
  const take = async (events: readonly { readonly type: string }[]): Promise<void> =>
    void seen.push(...events.map(({ type }) => type));
  const only = ({ type, data }: Logged) => type !== 'session.metered' || (data as { signed: boolean }).signed;
  const dispatch = createDispatch([onBatch([metered, closed], take, { only })]);
  const events = [
    event('session.metered', { signed: false }),
    event('session.metered', { signed: true }),
    event('session.closed', {}),
    event('session.started', { signed: true }),
  ];
  expect(events.map(dispatch.wants)).toEqual([false, true, true, false]);
  await dispatch.run(events, async () => undefined as never);
  expect(seen).toEqual(['session.metered', 'session.closed']);
});

test('an event that the choice fails on is handled: there it can wait, and be seen', () => {
  const only = ({ data }: Logged) => (data as { readings: string[] }).readings.length > 0;
  const dispatch = createDispatch([onBatch([metered], async () => undefined, { only })]);
  expect(dispatch.wants(event('session.metered', null))).toBe(true);
});
