import { virtualStation } from '@plugga/simulator';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, type Api, type InvoiceView, type SessionView } from './api.ts';
import { browserRuns, openBrowser, overflowOf, signedIn } from './chromium.ts';
import { dataFolder, eventually, type Platform, startPlatform } from './process.ts';

describe.skipIf(!browserRuns)('the console in Chromium', () => {
  const token = 'BROWSERTEST00001';
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let platform: Platform;
  let operator: Api;
  let browser: Browser;

  beforeAll(async () => {
    folder = await dataFolder();
    platform = await startPlatform({ dataDir: folder.path, env: { PLUGGA_ONBOARDING: 'open' } });
    operator = api(platform.url);
    await operator.post('tokens', { type: 'ISO14443', value: token });
    browser = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
    await folder?.remove();
  }, 30_000);

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
      const { page, complaints } = await signedIn(browser, platform, { width });
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
        await page.goto(`${platform.url}/console/p/billing/invoices`);
        await page.getByText(bill.number).first().waitFor();
        await page.goto(`${platform.url}/console/p/billing/invoices/${bill.number}`);
        await page.getByText(bill.inclVat).first().waitFor();

        for (const path of ['', '/stations', '/sessions', '/p/billing/invoices', '/system']) {
          await page.goto(`${platform.url}/console${path}`);
          await page.waitForSelector('main');
          expect(await overflowOf(page), `nothing sticks out of ${path || 'the first page'}`).toBeLessThanOrEqual(0);
        }
        expect(complaints).toEqual([]);
      } finally {
        station.close();
        await page.close();
      }
    },
  );
});
