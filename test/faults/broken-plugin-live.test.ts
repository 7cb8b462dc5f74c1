import { type AnyPlugin, definePlugin, on, onBatch, sessionMetered, sessionStarted } from '@plugga/kit';
import { energyWh } from '@plugga/simulator';
import { expect, test } from 'vitest';
import type { InvoiceView, SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { live, ours, token } from './live.ts';

const fault = (where: string): Error => new Error(`a fault in its ${where}`);

/** One plugin for each kind of fault, and where the host then says that it failed. */
const broken: readonly { readonly plugin: AnyPlugin; readonly where: string }[] = [
  {
    where: 'handler session.started',
    plugin: definePlugin({
      name: 'broken-handler',
      setup: () => ({ on: [on(sessionStarted, () => Promise.reject(fault('handler')))] }),
    }),
  },
  {
    where: 'handler session.metered',
    plugin: definePlugin({
      name: 'broken-batch',
      setup: () => ({
        on: [
          onBatch([sessionMetered], () => {
            throw fault('batch');
          }),
        ],
      }),
    }),
  },
  {
    where: 'route GET /api/v1/broken-route',
    plugin: definePlugin({
      name: 'broken-route',
      setup: () => ({
        routes: {
          '/broken-route': {
            auth: 'api',
            mount: (app) =>
              app.get('/', () => {
                throw fault('route');
              }),
          },
        },
      }),
    }),
  },
  {
    where: 'job every-second',
    plugin: definePlugin({
      name: 'broken-job',
      setup: () => ({ jobs: { 'every-second': { cron: '* * * * * *', run: () => Promise.reject(fault('job')) } } }),
    }),
  },
  {
    where: 'answer admit',
    plugin: definePlugin({
      name: 'late-answer',
      // It never answers: neither whose token it is, nor what speaks against it.
      setup: () => ({
        answers: { authorize: () => new Promise(() => {}), admit: () => new Promise(() => {}) },
      }),
    }),
  },
  {
    where: 'background',
    plugin: definePlugin({
      name: 'floating-promise',
      setup: () => ({
        on: [
          on(sessionStarted, async () => {
            void Promise.reject(fault('floating promise'));
          }),
        ],
      }),
    }),
  },
  {
    where: 'background',
    plugin: definePlugin({
      name: 'failing-timer',
      setup: () => ({
        on: [
          on(sessionStarted, async () => {
            setTimeout(() => {
              throw fault('timer');
            });
          }),
        ],
      }),
    }),
  },
];

interface PluginView {
  readonly name: string;
  readonly state: string;
  readonly parked: number;
  readonly lastError: { readonly where: string } | null;
}

test('a station charges to its bill while a plugin fails in each way there is', { timeout: 60_000 }, async () => {
  await using site = await live([...broken.map(({ plugin }) => plugin), ...ours]);
  const { operator } = site;
  const station = await site.station('FAULT-LIVE');
  const trouble: string[] = [];
  station.watch((event) => {
    if (event.kind === 'disconnected' || event.kind === 'discarded') trouble.push(event.kind);
    if (event.kind === 'received' && event.text.startsWith('[4')) trouble.push(event.text);
  });

  expect(await station.present(1, 'TOKENOFNOBODY001')).toBe('Invalid'); // late with authorize
  station.plugIn(1);
  expect(await station.present(1, token)).toBe('Accepted'); // late with admit
  await station.next('metered', { withinMs: 20_000 });
  expect((await operator.raw('GET', 'broken-route')).status).toBe(500);

  await eventually('each has failed in its way', 20_000, async () => {
    const plugins = await operator.all<PluginView>('plugins');
    for (const { plugin, where } of broken)
      expect(plugins.find(({ name }) => name === plugin.name)).toMatchObject({
        state: 'running',
        lastError: { where },
      });
  });
  await station.next('metered', { withinMs: 20_000, step: 'a reading after all the faults' });
  const entry = station.end(1);
  await station.settled();
  const session = await eventually('the session is closed', 20_000, async () => {
    const charged = (await operator.all<SessionView>('sessions')).filter(({ status }) => status !== 'void');
    expect(charged).toMatchObject([{ status: 'closed', energyWh: energyWh(entry), flags: [] }]);
    return charged[0]!;
  });
  const bill = await eventually('the bill', 20_000, async () => {
    const bills = await operator.all<InvoiceView>(`invoices?session=${session.id}`);
    expect(bills).toHaveLength(1);
    return bills[0]!;
  });
  expect(bill.energyWh).toBe(energyWh(entry));
  expect(trouble).toEqual([]);

  const plugins = await operator.all<PluginView>('plugins');
  for (const { name } of ours)
    expect(plugins.find((one) => one.name === name)).toMatchObject({ state: 'running', parked: 0, lastError: null });
});
