import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, test } from 'vitest';
import { child, databaseGone, dataFolder, root } from './process.ts';

/** Mostly they wait for a car to charge: they do so side by side, each on data of its own. */
const folders: Awaited<ReturnType<typeof dataFolder>>[] = [];
afterAll(() => Promise.all(folders.map((folder) => folder.remove())));
const aFolder = async (): Promise<string> => {
  const folder = await dataFolder();
  folders.push(folder);
  return folder.path;
};

const demo = (data: string, args: readonly string[] = []) =>
  child(['examples/demo/src/main.ts', ...args], { PLUGGA_DATA: data, PLUGGA_PORT: '0' });
const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

test.concurrent(
  'demo --once tells each step, ends with the bill and leaves nothing running; again on the same data too',
  { timeout: 150_000 },
  async ({ expect }) => {
    const data = await aFolder();
    const running = demo(data, ['--once']);
    expect(await running.exited, running.log()).toBe(0);

    expect(lastLine(running.log())).toMatch(/^BILL \S+ [1-9]\d* Wh \d+\.\d\d SEK$/);
    const order = [
      'ready',
      'connected',
      'booted',
      'plugged',
      'authorised',
      'started',
      'metered',
      'stopped',
      'Total',
      'BILL',
    ];
    const places = order.map((step) => running.log().indexOf(step));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    const energy = /BILL \S+ (\d+) Wh/.exec(running.log())?.[1];
    const registers = [...running.log().matchAll(/register (\d+) Wh/g)].map((found) => Number(found[1]));
    expect(Number(energy)).toBe(registers[1]! - registers[0]!);
    await databaseGone(join(data, 'demo'), 5_000);

    const again = demo(data, ['--once']);
    expect(await again.exited, again.log()).toBe(0);
    expect(lastLine(again.log()), 'the next bill, and no correction of the first').toMatch(/^BILL 000002 /);
  },
);

const fleetLines = (log: string): readonly (readonly number[])[] =>
  ['DEMO-16', 'DEMO-201', 'DEMO-21'].map((identity) => {
    const line = new RegExp(`${identity} .*?(\\d+) Wh +(\\d+) Wh +(\\d+) Wh`).exec(log);
    return (line ?? []).slice(1).map(Number);
  });

/** Waits for no more than the others here do, side by side with them. */
test.runIf(process.env['PLUGGA_TEST'] === 'full')(
  'demo --fleet bills a station of each version to the Wh of what flowed through its cable',
  { timeout: 200_000, concurrent: true },
  async ({ expect }) => {
    const data = await aFolder();
    const running = demo(data, ['--fleet', '--once']);
    expect(await running.exited, running.log()).toBe(0);

    const lines = fleetLines(running.log());
    for (const [flowed, cdr, receipt] of lines) {
      expect(flowed, running.log()).toBeGreaterThan(8_000);
      expect([cdr, receipt]).toEqual([flowed, flowed]);
    }
    expect(lastLine(running.log())).toBe(
      `FLEET ${['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'].map((it, n) => `${it} ${lines[n]?.[0]} Wh`).join(', ')}: as it flowed`,
    );
    await databaseGone(join(data, 'demo'), 5_000);
  },
);

test.runIf(process.env['PLUGGA_TEST'] === 'full')(
  'demo --fleet exits 1 and names the station when a platform bills it a watt-hour more',
  { timeout: 200_000, concurrent: true },
  async ({ expect }) => {
    const data = await aFolder();
    // A deployment of its own: ours, with a quirk that counts one Wh more at the end of each transaction of 2.1.
    const ours = pathToFileURL(join(root, 'plugga.config.ts')).href;
    await writeFile(
      join(data, 'plugga.config.js'),
      `import ours from ${JSON.stringify(ours)};
     const more = (one) => one.measurand === 'Energy.Active.Import.Register' ? { ...one, value: one.value + 1 } : one;
     const TransactionEvent = (payload) => payload.eventType !== 'Ended' ? payload : {
       ...payload,
       meterValue: payload.meterValue?.map((it) => ({ ...it, sampledValue: it.sampledValue.map(more) })),
     };
     const match = { vendor: /Plugga/, model: /Virtual 21/ };
     const wrong = { id: 'one-more', why: 'made for a test', match, inbound: { TransactionEvent } };
     export default { ...ours, quirks: [...ours.quirks, wrong] };`,
    );
    const settings = { PLUGGA_DATA: join(data, 'data'), PLUGGA_PORT: '0' };
    const running = child([join(root, 'examples/demo/src/main.ts'), '--fleet', '--once'], settings, data);
    expect(await running.exited, running.log()).toBe(1);
    const [v16, v201, v21] = fleetLines(running.log());
    expect([v16?.[2], v201?.[2], v21?.[2]]).toEqual([v16?.[0], v201?.[0], v21![0]! + 1]);
    expect(running.log()).toMatch(/flowed to the car of DEMO-21, its receipt says/);
    expect(running.log()).not.toMatch(/flowed to the car of DEMO-(16|201)/);
    expect(running.log()).not.toContain('FLEET');
    await databaseGone(join(data, 'data', 'demo'), 10_000);
  },
);

test.concurrent(
  'the demo stays up after the bill until Ctrl-C, which ends everything within 10 s',
  { timeout: 90_000 },
  async ({ expect }) => {
    const data = await aFolder();
    const running = demo(data);
    await running.line('the bill and the links', /Ctrl-C ends everything/, 60_000);
    const url = /(http:\/\/[\w.:]+)\/console/.exec(running.log())?.[1];
    expect((await fetch(`${url}/console`)).status).toBe(200);
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    const began = performance.now();
    process.kill(-running.pid, 'SIGINT');
    await running.exited;
    await databaseGone(join(data, 'demo'), 10_000);
    expect(performance.now() - began).toBeLessThan(10_000);
  },
);

test.concurrent(
  'a demo that dies without a word takes its platform and database along',
  { timeout: 90_000 },
  async () => {
    const data = await aFolder();
    await mkdir(join(data, 'demo'), { recursive: true });
    const running = demo(data);
    await running.line('the platform is ready', /ready/, 60_000);
    process.kill(running.pid, 'SIGKILL');
    await databaseGone(join(data, 'demo'), 15_000);
  },
);

test.concurrent(
  'a demo whose billing is disabled exits 1 and names the bill',
  { timeout: 90_000 },
  async ({ expect }) => {
    const data = await aFolder();
    // A deployment of its own: ours, with billing switched off.
    const ours = pathToFileURL(join(root, 'plugga.config.ts')).href;
    await writeFile(
      join(data, 'plugga.config.js'),
      `import ours from ${JSON.stringify(ours)};
     const plugins = ours.plugins.map((plugin) => plugin.name === 'billing' ? { plugin, enabled: false } : plugin);
     export default { ...ours, plugins };`,
    );
    const running = child(
      [join(root, 'examples/demo/src/main.ts'), '--once'],
      {
        PLUGGA_DATA: join(data, 'data'),
        PLUGGA_PORT: '0',
      },
      data,
    );
    expect(await running.exited, running.log()).toBe(1);
    expect(running.log()).toMatch(/stopped/);
    expect(lastLine(running.log())).toMatch(/the step "bill"/);
    expect(running.log()).not.toContain('BILL');
    await databaseGone(join(data, 'data', 'demo'), 10_000);
  },
);
