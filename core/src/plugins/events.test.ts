import { type AnyPlugin, defineEvent, definePlugin, on, sessionClosed, z } from '@plugga/kit';
import { aSessionClosed, testPlugin } from '@plugga/testing';
import { expect, test } from 'vitest';

const thanked = defineEvent({ type: 'driver.thanked', v: 1, data: z.object({ driver: z.string() }) });
const thanking = (events: readonly (typeof thanked)[]): AnyPlugin =>
  definePlugin({
    name: 'thanking',
    events,
    setup: ({ emit }) => ({ on: [on(sessionClosed, (event, tx) => emit(tx, thanked, event, { driver: 'token-1' }))] }),
  });

test('what a plugin declares it may emit, and its status shows it', async () => {
  await using plugin = await testPlugin(thanking([thanked]));
  await plugin.given(sessionClosed, aSessionClosed());
  expect(await plugin.emitted(thanked)).toMatchObject([{ data: { driver: 'token-1' } }]);
  expect(await plugin.status()).toMatchObject({ emits: ['driver.thanked'], parked: 0 });
});

test('an event that it does not declare is refused by its name, and nothing of it is in the log', async () => {
  await using plugin = await testPlugin(thanking([]));
  await plugin.given(sessionClosed, aSessionClosed(), { mayFail: true });
  expect(await plugin.emitted(thanked)).toEqual([]);
  expect(await plugin.status()).toMatchObject({
    parked: 1,
    lastError: {
      where: 'handler session.closed',
      message: '"thanking" emits driver.thanked and does not declare it: name it in `events`',
    },
  });
});
