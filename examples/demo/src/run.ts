import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createClient } from '@plugga/client';
import { billLines } from './bill.ts';
import { chargeSideBySide } from './fleet.ts';
import { startPlatform } from './platform.ts';
import { freePort } from './port.ts';
import type { Screen } from './screen.ts';
import { differences, sideBySide } from './side-by-side.ts';
import { enterSite, fleetModels } from './site.ts';
import { simulated } from './stations.ts';
import { type Step, steps, story } from './story.ts';

export interface DemoOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A station of each version side by side, in place of one whose visit is told. */
  readonly fleet?: boolean;
  /** Ends after the bill; its last line is the bill. */
  readonly once: boolean;
  /** Fires when the user wants to end. */
  readonly interrupted: AbortSignal;
}

/** An empty folder makes its database and pages first. */
const READY_MS = 50_000;
/** 25 minutes of a car that takes 22 kW. */
const EXPECTED_WH = 9_150;

const within = <T>(step: string, seconds: number, what: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(
      () => failed(new Error(`stalled at the step "${step}": nothing for ${seconds} s`)),
      seconds * 1_000,
    );
  });
  return Promise.race([what, late]).finally(() => clearTimeout(timer));
};

/** The whole demo; gives the exit code. */
export const demo = async (o: DemoOptions, screen: Screen): Promise<number> => {
  const { env, interrupted } = o;
  const dataDir = join(env['PLUGGA_DATA'] || './data', 'demo');
  const adminKey = env['PLUGGA_ADMIN_KEY'] || randomBytes(18).toString('base64url');
  const port = env['PLUGGA_PORT'] || String(await freePort(env['PLUGGA_HOST'] || '127.0.0.1', 8_080));
  const ends: (() => Promise<void> | void)[] = [];
  const end = async (): Promise<void> => {
    for (const stop of ends.splice(0).reverse()) await stop();
  };
  const stopped = new Promise<never>((_, failed) => {
    interrupted.addEventListener('abort', () => failed(new Interrupted()), { once: true });
  });
  stopped.catch(() => undefined);

  try {
    screen.title('Plugga: a simulated site charges and is billed');
    const platform = await Promise.race([
      startPlatform({
        dataDir,
        env: { PLUGGA_DATA: dataDir, PLUGGA_PORT: port, PLUGGA_ADMIN_KEY: adminKey },
        readyWithinMs: READY_MS,
      }),
      stopped,
    ]);
    ends.push(platform.stop);
    screen.step('platform', 'ready', platform.url);

    const client = createClient({ baseUrl: platform.url, key: adminKey });
    const site = await within('site', 15, enterSite(client, o.fleet ? fleetModels : undefined));
    screen.step('operator', 'site', `${site.location}: ${site.stations.map((one) => one.identity).join(', ')}`);
    screen.step('operator', 'tariff', site.tariff);

    const links = (said: string): void =>
      screen.block([
        `Console    ${platform.url}/console`,
        `Key        ${adminKey}`,
        `API        ${platform.url}/docs`,
        `Stations   ${platform.url.replace(/^http/, 'ws')}/ocpp/<identity>`,
        `Log        ${platform.logFile}`,
        '',
        said,
      ]);
    if (o.fleet) {
      const url = `${platform.url.replace(/^http/, 'ws')}/ocpp`;
      const charged = chargeSideBySide({ client, screen, url, site, ends: (close) => void ends.push(close) });
      const billed = await Promise.race([within('fleet', 120, charged), platform.died, stopped]);
      screen.block(sideBySide(billed));
      const wrong = differences(billed);
      if (wrong.length > 0) throw new Error(`billed otherwise than what flowed: ${wrong.join('; ')}`);
      if (!o.once) {
        links('Ctrl-C ends everything.');
        await Promise.race([platform.died, stopped]);
      }
      await end();
      screen.last(`FLEET ${billed.map((it) => `${it.protocol} ${it.bill.energyWh} Wh`).join(', ')}: as it flowed`);
      return 0;
    }

    const fleet = simulated({ url: platform.url.replace(/^http/, 'ws') + '/ocpp', site });
    ends.push(() => fleet.close());
    const { identity } = fleet.first;
    const told = story({ client, screen, identity, expectedWh: EXPECTED_WH });
    const following = new AbortController();
    ends.push(() => following.abort());
    const { promise: open, resolve: opened } = Promise.withResolvers<void>();
    const followed = (async () => {
      for await (const event of client.events({ signal: following.signal, opened })) told.heard(event);
    })();
    // No station dials before somebody listens.
    await within('events', 10, Promise.race([open, followed]));
    const visited = fleet.visit();
    visited.catch(() => undefined);
    // Whatever ends first with an error tells more than a step that stalls.
    const failing = Promise.race([
      platform.died,
      stopped,
      followed.then(() => new Promise<never>(() => undefined)),
      visited.then(() => new Promise<never>(() => undefined)),
    ]);
    failing.catch(() => undefined);
    for (const step of Object.keys(steps) as Step[]) {
      await Promise.race([within(step, steps[step], told.reached[step]), failing]);
    }
    const bill = told.bill();
    if (bill === undefined) throw new Error('stalled at the step "bill"');
    screen.block(billLines(bill));

    if (!o.once) {
      fleet.liven();
      links('The other stations charge on. Ctrl-C ends everything.');
      await Promise.race([platform.died, stopped]);
    }
    await end();
    screen.last(`BILL ${bill.number} ${bill.energyWh} Wh ${bill.inclVat} ${bill.currency}`);
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) {
      await end();
      return 0;
    }
    screen.trouble(`The demo ${error instanceof Error ? error.message : String(error)}`);
    await end();
    return 1;
  }
};

class Interrupted extends Error {}
