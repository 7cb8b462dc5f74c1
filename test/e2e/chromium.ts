import { programOf } from '@plugga/testing';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { adminKey, type Platform } from './process.ts';

const program = programOf('chromium', 'chromium-browser', 'google-chrome');
const full = process.env['PLUGGA_TEST'] === 'full';

/** Without a browser what needs one is skipped by name on a desk; in CI that is a failure. */
export const browserRuns = full && (program !== undefined || process.env['CI'] === 'true');

export const openBrowser = async (): Promise<Browser> => {
  if (program === undefined) throw new Error('there is no Chromium on the PATH, and CI=true wants one');
  return chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
};

export interface SignedIn {
  readonly page: Page;
  /** What the page has complained about so far: thrown errors, and errors on its console. */
  readonly complaints: string[];
}

/** A page of the console with the admin's key in it. */
export const signedIn = async (
  browser: Browser,
  platform: Pick<Platform, 'url'>,
  o: { readonly width: number; readonly locale?: string; readonly dark?: boolean; readonly zone?: string },
): Promise<SignedIn> => {
  const page = await browser.newPage({
    viewport: { width: o.width, height: 900 },
    locale: o.locale ?? 'en-GB',
    ...(o.zone === undefined ? {} : { timezoneId: o.zone }),
    colorScheme: o.dark === true ? 'dark' : 'light',
  });
  page.setDefaultTimeout(30_000);
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

/** How far the page is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}
/** What axe finds against WCAG 2.2 AA, a line each. Run as a script of the tool, which the page's own policy does not hear of. */
export const violationsOf = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  const found = await page.evaluate<{ violations: readonly Violation[] }>(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })",
  );
  return found.violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')})`,
  );
};
