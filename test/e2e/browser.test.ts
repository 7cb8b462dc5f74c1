import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { virtualStation } from '@plugga/simulator';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, type Api, type InvoiceView, type SessionView } from './api.ts';
import { adminKey, dataFolder, eventually, type Platform, startPlatform } from './process.ts';

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
const program = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)]
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find(isProgram);
const full = process.env['PLUGGA_TEST'] === 'full';
/** Without a browser it is skipped by name on a desk; in CI that is a failure. */
const runs = full && (program !== undefined || process.env['CI'] === 'true');

describe.skipIf(!runs)('the console in Chromium', () => {
  const token = 'BROWSERTEST00001';
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let platform: Platform;
  let operator: Api;
  let browser: Browser;

  beforeAll(async () => {
    if (program === undefined) throw new Error('there is no Chromium on the PATH, and CI=true wants one');
    folder = await dataFolder();
    platform = await startPlatform({ dataDir: folder.path, env: { PLUGGA_ONBOARDING: 'open' } });
    operator = api(platform.url);
    await operator.post('tokens', { type: 'ISO14443', value: token });
    browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
    await folder?.remove();
  }, 30_000);

  /** A page that is signed in; what it complains about is collected. */
  const signedIn = async (o: { readonly width: number }): Promise<{ page: Page; complaints: string[] }> => {
    const page = await browser.newPage({ viewport: { width: o.width, height: 900 }, locale: 'en-GB' });
    page.setDefaultTimeout(15_000);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`${platform.url}/console`);
    await page.fill('input[name=key]', adminKey);
    await page.click('button[type=submit]');
    await page.waitForSelector('nav');
    return { page, complaints };
  };

  test.each([{ width: 1_280 }, { width: 360 }])(
    'shows the stations, the live session as it charges, and its bill, $width px wide',
    { timeout: 120_000 },
    async ({ width }) => {
      const identity = `WEB-${width}`;
      const station = virtualStation({
        url: platform.ocpp,
        identity,
        speed: 60,
        behindMs: 3 * 3_600_000,
        meterStartWh: 1_000,
      });
      const { page, complaints } = await signedIn({ width });
      try {
        await station.start();
        await page.goto(`${platform.url}/console/stations`);
        await page.getByText(identity).first().waitFor();

        station.plugIn(1);
        await station.present(1, token);
        const session = await eventually('an active session', 10_000, async () => {
          const [found] = await operator.all<SessionView>(`sessions?station=${identity}&status=active`);
          if (found === undefined) throw new Error('none');
          return found;
        });
        await page.goto(`${platform.url}/console/sessions/${session.id}`);
        await page.getByText(identity).first().waitFor();
        const energyShown = async (): Promise<number> =>
          Number(/([\d.,]+)\s*kWh/.exec(await page.locator('main').innerText())?.[1]?.replace(',', '.') ?? 0);
        const first = await energyShown();
        await eventually('the energy rises without a reload', 15_000, async () => {
          expect(await energyShown()).toBeGreaterThan(first);
        });

        station.end(1);
        station.unplug(1);
        await station.settled();
        const bill = await eventually('the bill', 15_000, async () => {
          const [found] = await operator.all<InvoiceView>(`invoices?session=${session.id}`);
          if (found === undefined) throw new Error('none');
          return found;
        });
        await page.goto(`${platform.url}/console/bills`);
        await page.getByText(bill.number).first().waitFor();
        await page.goto(`${platform.url}/console/bills/${bill.number}`);
        await page.getByText(bill.inclVat).first().waitFor();

        for (const path of ['', '/stations', '/sessions', '/bills', '/system']) {
          await page.goto(`${platform.url}/console${path}`);
          await page.waitForSelector('main');
          const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
          expect(overflow, `nothing sticks out of ${path || 'the first page'}`).toBeLessThanOrEqual(0);
        }
        expect(complaints).toEqual([]);
      } finally {
        station.close();
        await page.close();
      }
    },
  );
});
