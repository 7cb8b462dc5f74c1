import { instant, type Log } from '@plugga/kit';
import { expect, test } from 'vitest';
import { inProcessBus } from './bus.ts';
import { busManners } from './manners.test-bus.ts';

busManners(async (log: Log) => {
  const bus = inProcessBus({ log });
  return {
    here: bus,
    there: bus,
    settled: () => new Promise((done) => setImmediate(done)),
    close: () => bus.close(),
  };
});

test('a request ends by the given clock', async () => {
  let ring: (() => void) | undefined;
  const clock = { now: () => instant(0), at: (_: unknown, run: () => void) => ((ring = run), () => undefined) };
  const bus = inProcessBus({ clock });
  bus.respond('station.1', () => new Promise(() => undefined));
  const asked = bus.request('station.1', '', 1000);
  ring?.();
  await expect(asked).rejects.toMatchObject({ code: 'call-timeout' });
});

test('one process alone has no bus between nodes; platforms that share one have', () => {
  expect(inProcessBus().state()).toEqual({ kind: 'alone' });
  expect(inProcessBus({ shared: true }).state()).toMatchObject({ kind: 'connected' });
});
