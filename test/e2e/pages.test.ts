import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserRuns, openBrowser, overflowOf, signedIn } from './chromium.ts';
import { dataFolder, type Platform, root, startPlatform } from './process.ts';

/** A deployment with the console, the example that has a page, and pages that fail in each way that a page can. */
const config = `
import { definePlugin, defineDeployment } from '@plugga/kit';
import hello from '${root}examples/hello-plugin/src/index.ts';
import { operatorConsole } from '${root}plugins/operator-console/src/index.ts';

const title = (text) => ({ en: text, sv: text });
const modules = {
  '/broken/throws.js': "export const mount = () => { throw new Error('it went wrong') }",
  '/broken/bare.js': 'export const other = 1',
  '/broken/plain.js': \`
    export const mount = (element, host) => {
      const show = () => { element.textContent = 'subject ' + host.subject + ' place ' + host.place().path + ' ' + host.language(); };
      show();
      return host.watch(show);
    }\`,
  '/broken/renders.js': \`
    import { createElement } from '/console/shared/1/react.js';
    import { page } from '/console/shared/1/console.js';
    export const mount = page(() => { throw new Error('while it rendered') });\`,
};
const broken = definePlugin({
  name: 'broken',
  setup: () => ({
    routes: {
      '/broken': {
        auth: 'public',
        mount: (app) => app.get('*', (c) => {
          const text = modules[c.req.path];
          return text === undefined ? c.notFound() : c.body(text, 200, { 'content-type': 'text/javascript' });
        }),
      },
    },
    ui: [
      { host: 'console', slot: 'money', path: 'throws', title: title('Throws'), module: '/broken/throws.js' },
      { host: 'console', slot: 'money', path: 'bare', title: title('Bare'), module: '/broken/bare.js' },
      { host: 'console', slot: 'money', path: 'absent', title: title('Absent'), module: '/broken/absent.js' },
      { host: 'console', slot: 'money', path: 'renders', title: title('Renders'), module: '/broken/renders.js' },
      { host: 'console', slot: 'network', path: 'plain', title: title('Plain'), module: '/broken/plain.js' },
      { host: 'console', slot: 'station', path: 'plain', title: title('Plain'), module: '/broken/plain.js' },
    ],
  }),
});
export default defineDeployment({ adapters: [], quirks: [], plugins: [hello, broken, operatorConsole] });
`;

describe.skipIf(!browserRuns)('pages of plugins in the console', () => {
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let deployment: string;
  let platform: Platform;
  let browser: Browser;

  beforeAll(async () => {
    folder = await dataFolder();
    await mkdir(join(root, 'test', 'dist'), { recursive: true });
    deployment = await mkdtemp(join(root, 'test', 'dist', 'pages-'));
    await writeFile(join(deployment, 'plugga.config.ts'), config);
    platform = await startPlatform({ dataDir: folder.path, deployment });
    browser = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
    await folder?.remove();
    await rm(deployment, { recursive: true, force: true });
  }, 30_000);

  const open = async (o: { readonly width: number; readonly locale?: string }) => {
    const { page, complaints } = await signedIn(browser, platform, o);
    const at = (path: string): string => `${platform.url}/console${path}`;
    return { page, complaints, at };
  };

  test(
    'the example’s page is in the menu under its group, and speaks the reader’s language',
    { timeout: 120_000 },
    async () => {
      const { page, complaints, at } = await open({ width: 1_280, locale: 'sv-SE' });
      const entry = page.getByRole('list', { name: 'Människor' }).getByRole('link', { name: 'Förare' });
      await entry.click();
      await page.getByRole('heading', { name: 'Förare', level: 1 }).waitFor();
      expect(page.url()).toBe(at('/p/hello/drivers'));
      await page.getByText('Ingen har laddat ännu').waitFor();
      await page.getByLabel('Språk').selectOption('en');
      await page.getByText('Nobody has charged yet').waitFor();
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test('on a phone it is behind "More", and by key it is g and its number', { timeout: 120_000 }, async () => {
    const { page, complaints } = await open({ width: 360 });
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Drivers' }).click();
    await page.getByRole('heading', { name: 'Drivers', level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('1');
    await page.getByText(/place /).waitFor();
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test.each([
    ['throws', 'it went wrong'],
    ['bare', 'has no mount'],
    ['absent', 'Failed to fetch dynamically imported module'],
    ['renders', 'while it rendered'],
  ])('one that fails (%s) is named with its plugin, and the rest works', { timeout: 120_000 }, async (path, said) => {
    const { page, at } = await open({ width: 1_280 });
    await page.goto(at(`/p/broken/${path}`));
    const alert = page.getByRole('alert');
    await alert.getByText('The page of broken failed').waitFor();
    expect(await alert.innerText()).toContain(said);
    await page.getByRole('link', { name: 'Drivers' }).click();
    await page.getByRole('heading', { name: 'Drivers', level: 1 }).waitFor();
    await page.close();
  });

  test(
    'one that uses no React has its own part of the address, and a page that is not there says so',
    { timeout: 120_000 },
    async () => {
      const { page, at } = await open({ width: 1_280 });
      await page.goto(at('/p/broken/plain/a/b'));
      await page.getByText('subject undefined place a/b en').waitFor();
      await page.goto(at('/p/nobody/index'));
      await page.getByRole('heading', { name: 'There is no such page of nobody' }).waitFor();
      await page.close();
    },
  );
});
