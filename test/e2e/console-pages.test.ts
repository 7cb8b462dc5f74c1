import { signedMeter, type StationOptions, virtualStation, type VirtualStation } from '@plugga/simulator';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answeringStation, type AnsweringStation } from '../commands/answering-station.ts';
import { api, type SessionView } from './api.ts';
import { browserRuns, openBrowser, overflowOf, signedIn, violationsOf } from './chromium.ts';
import { dataFolder, eventually, type Platform, startPlatform } from './process.ts';

const token = 'PAGESTEST0000001';
const monthly = 'PAGESTEST0000002';
const identity = 'PAGES-1';
/** Tells its key beside each record, as the Open Charge Alliance writes them. */
const meter = signedMeter({ serial: '1PAGES', coat: 'oca' });

/**
 * One visit at a station of its own, which stays on line. Its clock runs ahead only until it has caught up with the world: with one
 * that stood there since the first test, the hour of charging would take an hour.
 */
async function charged(platform: Platform, idTag: string, o: Pick<StationOptions, 'identity' | 'signedMeter'>) {
  const { identity } = o;
  const operator = api(platform.url);
  const station = virtualStation({ url: platform.ocpp, meterStartWh: 0, speed: 600, behindMs: 6 * 3_600_000, ...o });
  await station.start();
  await station.charge({ idTag, stopAfterWh: 1_000 });
  await station.settled();
  const session = await eventually('a closed session with its CDR', 30_000, async () => {
    const [found] = await operator.all<SessionView>(`sessions?station=${identity}&status=closed`);
    const cdrs = found === undefined ? [] : await operator.all(`cdrs?session=${found.id}`);
    if (found === undefined || cdrs.length === 0) throw new Error('none');
    return found.id;
  });
  return { station, session };
}

describe.skipIf(!browserRuns)('the pages of our plugins', () => {
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let platform: Platform;
  let stations: VirtualStation[] = [];
  let watching: AnsweringStation;
  let session: string;
  let browser: Browser;

  const charge = async (idTag: string, o: Parameters<typeof charged>[2]): Promise<string> => {
    const made = await charged(platform, idTag, o);
    stations.push(made.station);
    return made.session;
  };
  const open = async (): Promise<void> => {
    folder = await dataFolder();
    platform = await startPlatform({ dataDir: folder.path, env: { PLUGGA_ONBOARDING: 'open' } });
    const operator = api(platform.url);
    await operator.post('tokens', { type: 'ISO14443', value: token });
    await operator.post('tokens', { type: 'ISO14443', value: monthly });
    session = await charge(token, { identity, signedMeter: meter });
    watching = await answeringStation(`${platform.ocpp}/PAGES-2`, { protocol: 'ocpp2.1' });
  };
  const close = async (): Promise<void> => {
    for (const station of stations) station.close();
    stations = [];
    await watching?.close();
    await platform?.stop();
    await folder?.remove();
  };
  beforeAll(async () => {
    await open();
    browser = await openBrowser();
  }, 150_000);
  // What a test makes, it makes once: tried again, it finds nothing of its first try.
  beforeEach(async ({ task }) => {
    if ((task.result?.retryCount ?? 0) === 0) return;
    await close();
    await open();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await close();
  }, 30_000);

  /** Each with a text that stands on it once it has been read, in English and Swedish. */
  const pages = (): readonly (readonly [path: string, en: string, sv: string])[] => [
    ['/p/tariffs/tariffs', 'starter', 'starter'],
    ['/p/tariffs/tariffs/starter', 'Three sessions', 'Tre sessioner'],
    ['/p/tariffs/tariffs?view=place', 'Assigned to', 'Tilldelad'],
    ['/p/tariffs/tariffs/starter?view=basis', 'Nothing moves its price', 'Inget flyttar dess pris'],
    ['/p/tariffs/offers', 'Offers', 'Erbjudanden'],
    ['/p/billing/cdrs', 'Issued', 'Utfärdad'],
    ['/p/billing/cdrs?status=held', 'Nothing is held', 'Inget hålls inne'],
    ['/p/billing/invoices', 'Receipt', 'Kvitto'],
    ['/p/billing/invoices?view=runs', 'Nothing waits in that period', 'Inget väntar i den perioden'],
    ['/p/billing/customers', 'No customer', 'Ingen kund'],
    ['/p/billing/customers/new', 'Pays for', 'Betalar för'],
    ['/p/billing/accounts', 'No token has a budget', 'Ingen tagg har en budget'],
    ['/p/billing/accounts?view=centres', 'No cost centre', 'Inget kostnadsställe'],
    ['/p/billing/accounts?view=free', 'Nothing is given away', 'Inget ges bort'],
    ['/p/billing/settings', 'Who bills', 'Vem som fakturerar'],
    ['/p/revenue/revenue', 'Same weekday last week', 'Samma veckodag förra veckan'],
    ['/p/maintenance/campaigns', 'No campaign yet', 'Ingen uppdatering än'],
    ['/p/maintenance/campaigns/new', 'Start the campaign', 'Starta uppdateringen'],
    ['/p/certificates/certificates', 'No certificate was signed yet', 'Inget certifikat har signerats än'],
    ['/p/signed-values/meters', '1PAGES', '1PAGES'],
    ['/p/signed-values/meters/new', 'Trust this key', 'Lita på nyckeln'],
    ['/p/signed-values/meters/1PAGES', 'No key is trusted', 'Ingen nyckel är betrodd'],
    ['/p/signed-values/meters/unknown', 'There is no meter', 'Det finns ingen mätare'],
    ['/p/signed-values/values', 'no key is registered', 'ingen nyckel är registrerad'],
    ['/p/signed-values/values?result=failed', 'Nothing was judged', 'Inget har prövats'],
    [`/p/signed-values/values/${session}`, '1-0:1.8.0', '1-0:1.8.0'],
    [`/stations/${identity}?tab=device`, 'What it can do', 'Vad den kan'],
    [`/stations/${identity}?tab=events`, 'tell nothing of their variables', 'berättar inget om sina variabler'],
    ['/stations/PAGES-2?tab=events', 'It has told nothing', 'Den har inte berättat något'],
    [`/stations/${identity}?tab=charging`, 'It has none of ours', 'Den har ingen av våra'],
    ['/stations/PAGES-2?tab=charging', 'No battery was swapped', 'Inget batteri har bytts'],
    [`/stations/${identity}?tab=orders`, 'Reservations', 'Reservationer'],
    [`/stations/${identity}?tab=dialect`, 'Corrections in force', 'Rättningar som gäller'],
    [`/stations/${identity}?tab=maintenance.logs`, 'Fetch diagnostics', 'Hämta diagnostik'],
    [`/sessions/${session}`, 'Why this price', 'Varför detta pris'],
  ];

  test.each([
    { width: 1_440, locale: 'en-GB', dark: false },
    { width: 360, locale: 'sv-SE', dark: true },
  ])('are there, accessible and not too wide: $locale, $width px, dark $dark', { timeout: 300_000 }, async (o) => {
    const { page, complaints } = await signedIn(browser, platform, o);
    const found: string[] = [];
    // The narrow one is the harder: all of them there, those that change their shape in the wide one.
    for (const [path, en, sv] of pages().filter(
      (it) => o.width === 360 || /starter|revenue|device|sessions|runs|meters\/1/.test(it[0]),
    )) {
      await page.goto(`${platform.url}/console${path}`);
      await page
        .getByText(o.locale === 'sv-SE' ? sv : en)
        .filter({ visible: true })
        .first()
        .waitFor();
      if ((await overflowOf(page)) > 0) found.push(`${path} is wider than the window`);
      found.push(...(await violationsOf(page)).map((it) => `${path} ${it}`));
    }
    expect(found).toEqual([]);
    // That nobody signs here is said by 404, which a browser tells as an error.
    expect(complaints.filter((it) => !it.includes('404'))).toEqual([]);
    await page.close();
  });

  test(
    'a tariff is priced while it is typed, told what is wrong with it, and saved as its next version',
    { timeout: 90_000 },
    async () => {
      const { page } = await signedIn(browser, platform, { width: 1_440 });
      await page.goto(`${platform.url}/console/p/tariffs/tariffs/starter`);
      const price = page.getByLabel('Per kWh').first();
      await price.fill('8');
      // 10 kWh at 8.00 and 25 %.
      await page
        .getByText(/SEK\s100\.00/)
        .first()
        .waitFor();
      await price.fill('-8');
      await page.getByText(/must be a number that is not negative/).waitFor();
      const save = page.getByRole('button', { name: 'Save as version 2' });
      expect(await save.isDisabled()).toBe(true);
      await price.fill('8');
      await eventually('it can be saved', 20_000, async () => expect(await save.isEnabled()).toBe(true));
      await save.click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Save as version 2' }).click();
      await page.getByText('Save as version 3').waitFor();
      const stored = await api(platform.url).get<{ version: number }>('tariffs/starter');
      expect(stored.version).toBe(2);
      await page.close();
    },
  );

  test(
    'what is typed survives a version that somebody else saved, and is not saved over it unasked',
    { timeout: 90_000 },
    async () => {
      const { page, complaints } = await signedIn(browser, platform, { width: 1_440 });
      const operator = api(platform.url);
      const { tariff, version } = await operator.get<{ tariff: object; version: number }>('tariffs/starter');
      await page.goto(`${platform.url}/console/p/tariffs/tariffs/starter`);
      const price = page.getByLabel('Per kWh').first();
      await price.fill('6.50');
      const save = page.getByRole('button', { name: `Save as version ${version + 1}` });
      await eventually('it can be saved', 20_000, async () => expect(await save.isEnabled()).toBe(true));
      await operator.post('tariffs', { ...tariff, max_price: { excl_vat: '900' } });
      await save.click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Save as' }).click();
      await page.getByText(`has saved version ${version + 1} since you began`).waitFor();
      expect(await price.inputValue()).toBe('6.50');
      expect(await operator.get<{ version: number }>('tariffs/starter')).toMatchObject({ version: version + 1 });
      await page.getByRole('button', { name: 'Go on with mine' }).click();
      const after = page.getByRole('button', { name: `Save as version ${version + 2}` });
      await eventually('it can be saved after it', 20_000, async () => expect(await after.isEnabled()).toBe(true));
      await after.click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Save as' }).click();
      await page.getByRole('button', { name: `Save as version ${version + 3}` }).waitFor();
      const stored = await operator.get<{ tariff: unknown }>('tariffs/starter');
      expect(JSON.stringify(stored.tariff)).toContain('"6.50"');
      // The refusal is an answer that a browser tells as an error.
      expect(complaints.filter((it) => !/404|412/.test(it))).toEqual([]);
      await page.close();
    },
  );

  test(
    'a draft is tried on last month’s sessions, and a place says what it has at a minute',
    { timeout: 90_000 },
    async () => {
      const { page } = await signedIn(browser, platform, { width: 1_440 });
      const operator = api(platform.url);
      const { version } = await operator.get<{ version: number }>('tariffs/starter');
      await page.goto(`${platform.url}/console/p/tariffs/tariffs/starter`);
      await page.getByLabel('By the clock of', { exact: true }).waitFor();
      await page.getByText('Europe/Stockholm').first().waitFor();
      await page.getByLabel('Per kWh').first().fill('99');
      const trial = page.getByRole('button', { name: 'Try it' });
      await eventually('it can be tried', 20_000, async () => expect(await trial.isEnabled()).toBe(true));
      await trial.click();
      const row = page.getByRole('table', { name: 'On last month’s sessions' }).getByRole('row').nth(1);
      expect(await row.innerText()).toMatch(/starter@1\s[^]*\+SEK/);
      await page.getByLabel('Per kWh').first().fill('98');
      await page.getByText('These figures are of what stood here before').waitFor();
      await page.getByRole('link', { name: 'All tariffs' }).click();
      await page.getByRole('link', { name: 'Prices of a place' }).click();
      await page.getByLabel('On', { exact: true }).fill('2030-01-15T23:30');
      await page.getByText(`starter, Version ${version}`).waitFor();
      await page.getByRole('cell', { name: 'holds' }).first().waitFor();
      await page.close();
    },
  );

  test(
    'what a station of 2.1 tells of itself is shown, and it is asked what it watches',
    { timeout: 90_000 },
    async () => {
      const { page, complaints } = await signedIn(browser, platform, { width: 360 });
      await page.goto(`${platform.url}/console/stations/PAGES-2?tab=events`);
      const alerts = page.getByRole('region', { name: 'To look at' });
      await alerts.getByText('Nothing to look at').waitFor();
      const heat = { component: { name: 'EVSE', evse: { id: 1 } }, variable: { name: 'Temperature' } };
      const generatedAt = new Date().toISOString();
      const told = (eventId: number, more: object) => ({
        ...{ eventId, timestamp: generatedAt, trigger: 'Alerting', eventNotificationType: 'CustomMonitor', ...heat },
        ...{ actualValue: '81', severity: 2, variableMonitoringId: 4, techInfo: 'fan 3 stands still', ...more },
      });
      const says = (...eventData: object[]) => watching.say('NotifyEvent', { generatedAt, seqNo: 0, eventData });
      await says(told(1, {}), told(2, { trigger: 'Delta', severity: 8, actualValue: '20', variable: { name: 'Fan' } }));
      await alerts.getByText('fan 3 stands still').waitFor();
      const board = await signedIn(browser, platform, { width: 360 });
      const needed = board.page.getByRole('region', { name: 'Needs you' }).getByRole('listitem');
      const fan = needed.filter({ hasText: 'System failure at PAGES-2: EVSE/Temperature@1' });
      await fan.getByText('Reset the station when nobody charges').waitFor();
      const danger = { component: { name: 'Cabinet' }, variable: { name: 'Smoke' }, variableMonitoringId: 9 };
      await says(told(8, { ...danger, severity: 0, actualValue: 'true', techInfo: 'smoke' }));
      await needed.first().getByText('Danger at PAGES-2: Cabinet/Smoke').waitFor();
      expect(await overflowOf(board.page)).toBeLessThanOrEqual(0);
      expect(await violationsOf(board.page)).toEqual([]);
      await says(told(9, { ...danger, severity: 0, cleared: true }));
      await needed.getByText('Danger at PAGES-2').waitFor({ state: 'detached' });
      const events = page.getByRole('table', { name: 'Events' });
      await events.getByText('EVSE/Fan@1').waitFor();
      await page.getByLabel('Only what is to be looked at').check();
      await events.getByText('EVSE/Fan@1').waitFor({ state: 'detached' });
      await events.getByText('System failure').waitFor();
      await says(told(3, { cleared: true, actualValue: '60' }));
      await alerts.getByText('Nothing to look at').waitFor();
      await fan.waitFor({ state: 'detached' });
      expect(board.complaints).toEqual([]);
      await board.page.close();

      await page.getByRole('button', { name: 'Read from the station' }).click();
      const { requestId } = await watching.called('GetMonitoringReport');
      const variableMonitoring = [
        {
          id: 4,
          type: 'UpperThreshold',
          value: 80,
          severity: 2,
          transaction: false,
          eventNotificationType: 'CustomMonitor',
        },
      ];
      await watching.say('NotifyMonitoringReport', {
        ...{ requestId, seqNo: 0, generatedAt, monitor: [{ ...heat, variableMonitoring }] },
      });
      const monitors = page.getByRole('table', { name: 'What it watches' });
      await monitors.getByText('above 80').waitFor();
      await page.getByLabel('Variable, such as').fill('EVSE/Power@1');
      await page.getByLabel('Threshold, change').fill('11000');
      await page.getByRole('button', { name: 'Watch it' }).click();
      expect(await watching.called('SetVariableMonitoring')).toMatchObject({
        setMonitoringData: [{ value: 11_000, type: 'UpperThreshold', severity: 5, variable: { name: 'Power' } }],
      });
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      expect(await violationsOf(page)).toEqual([]);
      watching.replies = { ClearVariableMonitoring: { clearMonitoringResult: [{ id: 4, status: 'Accepted' }] } };
      await monitors.getByRole('button', { name: 'Take away' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Take away' }).click();
      expect(await watching.called('ClearVariableMonitoring')).toEqual({ id: [4] });
      await page.getByText('No monitor is known').waitFor();
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test(
    'a station of 2.1 is told how much to tell, its streams are opened, set and closed, and its refusal is shown',
    { timeout: 90_000 },
    async () => {
      const { page, complaints } = await signedIn(browser, platform, { width: 360 });
      await page.goto(`${platform.url}/console/stations/PAGES-2?tab=events`);
      const much = page.getByRole('region', { name: 'How much it tells' });
      await much.getByLabel('It tells of').selectOption('Warning and what is graver');
      watching.replies = { SetMonitoringLevel: { status: 'Rejected', statusInfo: { reasonCode: 'FixedLevel' } } };
      await much.getByRole('button', { name: 'Set how much' }).click();
      expect(await watching.called('SetMonitoringLevel')).toEqual({ severity: 6 });
      const refusal = much.getByRole('alert').filter({ hasText: 'The station has refused it' });
      await refusal.getByText('FixedLevel').waitFor();
      await much.getByLabel('It tells of').selectOption('Danger only');
      await much.getByText('will not stand under').waitFor();
      await much.getByLabel('It watches').selectOption('All that its maker has prepared');
      await much.getByRole('button', { name: 'Set what it watches' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Set what it watches' }).click();
      expect(await watching.called('SetMonitoringBase')).toEqual({ monitoringBase: 'All' });
      await much.getByText('The station has accepted it').waitFor();

      const power = { component: { name: 'EVSE', evse: { id: 1 } }, variable: { name: 'Power' } };
      const taken = { ...power, id: 7, status: 'Accepted', type: 'Periodic', severity: 8 };
      watching.replies = { SetVariableMonitoring: { setMonitoringResult: [taken] } };
      await page.getByLabel('Variable, such as').fill('EVSE/Power@1');
      await page.getByLabel('Tells', { exact: true }).selectOption('every so many seconds');
      await page.getByLabel('Threshold, change').fill('1');
      await page.getByLabel('Severity', { exact: true }).selectOption('Informational');
      await page.getByLabel('Send the values by the batch').check();
      await page.getByLabel('A batch at least every').fill('60');
      await page.getByLabel('A batch after so many values').fill('20');
      await page.getByRole('button', { name: 'Watch it' }).click();
      expect(await watching.called('SetVariableMonitoring')).toEqual({
        setMonitoringData: [
          {
            ...{ ...power, type: 'Periodic', value: 1, severity: 8 },
            periodicEventStream: { interval: 60, values: 20 },
          },
        ],
      });
      const stream = { id: 3, variableMonitoringId: 7, params: { interval: 60, values: 20 } };
      await watching.say('OpenPeriodicEventStream', { constantStreamData: stream });
      const open = page.getByRole('table', { name: 'Streams of values' });
      await open.getByText('EVSE/Power@1').waitFor();
      await open.getByText('every 60 seconds, after 20 values').waitFor();
      const basetime = new Date().toISOString();
      const data = [230, 231].map((v, t) => ({ t, v: String(v) }));
      watching.send('NotifyPeriodicEventStream', { id: 3, pending: 0, basetime, data });
      await page.getByRole('table', { name: 'What they said last' }).getByText('230, 231').waitFor();

      watching.replies = {
        AdjustPeriodicEventStream: { status: 'Rejected', statusInfo: { reasonCode: 'TooOften' } },
        GetPeriodicEventStream: { constantStreamData: [stream] },
      };
      await open.getByLabel('Seconds').fill('5');
      await open.getByRole('button', { name: 'Set the pace' }).click();
      expect(await watching.called('AdjustPeriodicEventStream')).toEqual({ id: 3, params: { interval: 5 } });
      await page.getByRole('alert').getByText('TooOften').waitFor();
      watching.replies = { GetPeriodicEventStream: { constantStreamData: [{ ...stream, params: { interval: 5 } }] } };
      await open.getByRole('button', { name: 'Set the pace' }).click();
      expect(await watching.called('AdjustPeriodicEventStream')).toEqual({ id: 3, params: { interval: 5 } });
      await open.getByText('every 5 seconds').waitFor();
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      expect(await violationsOf(page)).toEqual([]);
      watching.replies = { ClearVariableMonitoring: { clearMonitoringResult: [{ id: 7, status: 'Accepted' }] } };
      await open.getByRole('button', { name: 'Close it' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Close it' }).click();
      expect(await watching.called('ClearVariableMonitoring')).toEqual({ id: [7] });
      await watching.say('ClosePeriodicEventStream', { id: 3 });
      await page.getByText('No stream is open').waitFor();
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test(
    'what vehicles ask for, limits of others, rules of the grid and battery swaps are shown as they are told',
    { timeout: 90_000 },
    async () => {
      const { page, complaints } = await signedIn(browser, platform, { width: 360 });
      await page.goto(`${platform.url}/console/stations/PAGES-2?tab=charging`);
      await page.getByText('No vehicle has told what it needs').waitFor();
      const time = new Date().toISOString();
      const schedule = { id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 4_200 }] };
      await watching.say('NotifyChargingLimit', {
        ...{ evseId: 1, chargingLimit: { chargingLimitSource: 'SO', isGridCritical: true } },
        chargingSchedule: [schedule],
      });
      const limits = page.getByRole('table', { name: 'Limits of others' });
      await limits.getByText('System operator').waitFor();
      await limits.getByText('4200 W').waitFor();
      await limits.getByText('the grid is in need').waitFor();
      const v2xChargingParameters = { maxDischargePower: 7_400, targetSoC: 80 };
      const dcChargingParameters = { evMaxCurrent: 200, evMaxVoltage: 400, energyAmount: 21_500, stateOfCharge: 35 };
      await watching.say('NotifyEVChargingNeeds', {
        ...{ evseId: 1, timestamp: time },
        chargingNeeds: { requestedEnergyTransfer: 'DC_BPT', dcChargingParameters, v2xChargingParameters },
      });
      const needs = page.getByRole('table', { name: 'What vehicles ask for' });
      await needs.getByText('DC, both ways').waitFor();
      expect((await needs.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
        /Energy 21\.500 kWh Current, at most 200 A Voltage, at most 400 V Charged to 35 % Giving back \(V2X\) targetSoC 80 maxDischargePower 7400/,
      );
      await needs.getByText('A plan follows').waitFor();
      await watching.say('NotifyEVChargingSchedule', {
        ...{ evseId: 1, timeBase: time, chargingSchedule: { ...schedule, chargingRateUnit: 'A' } },
      });
      const vehicles = page.getByRole('table', { name: 'How vehicles mean to charge' });
      await vehicles.getByText('4200 A').waitFor();
      await vehicles.getByText('nobody planned for it').waitFor();

      const grid = page.getByRole('region', { name: 'Rules of the grid' });
      await grid.getByText('nothing wrong in the grid').waitFor();
      await watching.say('NotifyDERAlarm', {
        ...{ controlType: 'VoltWatt', gridEventFault: 'OverVoltage', timestamp: time },
      });
      await grid.getByText('OverVoltage').waitFor();
      await grid.getByRole('button', { name: 'Read from the station' }).click();
      const { requestId } = await watching.called('GetDERControl');
      const curve = { priority: 1, yUnit: 'PctMaxW', curveData: [{ x: 100, y: 0 }] };
      await watching.say('ReportDERControl', {
        ...{ requestId, curve: [{ id: 'C1', curveType: 'VoltWatt', isDefault: true, isSuperseded: false, curve }] },
      });
      await watching.say('NotifyDERStartStop', { controlId: 'C1', started: true, timestamp: time });
      const rules = grid.getByRole('table', { name: 'Rules of the grid' });
      await rules.getByText('Followed since').waitFor();
      await rules.getByText('PctMaxW').waitFor();
      await watching.say('NotifyDERAlarm', {
        ...{ controlType: 'VoltWatt', gridEventFault: 'OverVoltage', alarmEnded: true, timestamp: time },
      });
      await grid.getByText('nothing wrong in the grid').waitFor();

      const swaps = page.getByRole('region', { name: 'Battery swaps' });
      await swaps.getByLabel('Token').fill(token);
      await swaps.getByRole('button', { name: 'Allow a battery swap' }).click();
      const asked = await watching.called('RequestBatterySwap');
      const batteryData = [{ evseId: 1, serialNumber: 'B-77', soC: 20, soH: 97 }];
      await watching.say('BatterySwap', { eventType: 'BatteryIn', ...asked, batteryData });
      await swaps.getByText('B-77 in bay 1').waitFor();
      await swaps.getByText('charged to 20 %, health 97 %').waitFor();
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      expect(await violationsOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test('spot prices are put from a file, move the next offer, and are taken away', { timeout: 90_000 }, async () => {
    const { page, complaints } = await signedIn(browser, platform, { width: 360 });
    const operator = api(platform.url);
    await page.goto(`${platform.url}/console/p/tariffs/tariffs/starter`);
    await page.getByRole('link', { name: 'Spot price' }).click();
    const offer = page.getByRole('table', { name: 'The next offer' });
    await offer.waitFor();
    const before = await offer.innerText();
    await page.getByLabel('Source, such as').fill('SE3 day-ahead');
    await page.getByLabel('How', { exact: true }).selectOption('replace');
    const lines = page.getByLabel('A line a value');
    await lines.fill('13:00 0.4');
    await page.getByText('Line 1 is no time').waitFor();
    const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    const text = ['from;price', ...[-1, 0, 1, 2].map((n) => `${new Date(hour + n * 3_600_000).toISOString()};7,77`)];
    const buffer = Buffer.from(text.join('\r\n'));
    await page.getByLabel('From a file').setInputFiles({ name: 'spot.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('button', { name: 'Save, 4 values in all' }).click();
    // 7.77 and 25 %.
    await offer.getByText(/7\.77/).waitFor();
    await offer.getByText(/9\.7125/).waitFor();
    const stored = await operator.get<{ basis: { series: unknown[] } }>('tariffs/starter/basis');
    expect(stored).toMatchObject({ basis: { name: 'SE3 day-ahead', apply: 'replace' } });
    expect(stored.basis.series).toHaveLength(4);
    await lines.fill(`${new Date(hour + 3 * 3_600_000).toISOString()} 8`);
    await page.getByRole('button', { name: 'Save, 5 values in all' }).click();
    await page.getByText('Keep the 5 values').waitFor();
    await operator.raw('PUT', 'tariffs/starter/basis', { name: 'SE4', series: [], fallback: '2' });
    await page.getByLabel('Source, such as').fill('SE1');
    await page.getByRole('button', { name: 'Save, 5 values in all' }).click();
    await page.getByText('Somebody else has saved').waitFor();
    expect(await operator.get('tariffs/starter/basis')).toMatchObject({ basis: { name: 'SE4' } });
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await eventually('mine is saved over it', 20_000, async () =>
      expect(await operator.get('tariffs/starter/basis')).toMatchObject({ basis: { name: 'SE1' } }),
    );
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Move it no more' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Move it no more' }).click();
    await page.getByText('Nothing moves its price').waitFor();
    await eventually('the offer is as it was', 20_000, async () => expect(await offer.innerText()).toBe(before));
    expect(complaints.filter((it) => !/404|412/.test(it))).toEqual([]);
    await page.close();
  });

  test(
    'a customer is made, its month is previewed and invoiced, and run again nothing is issued twice',
    { timeout: 120_000 },
    async () => {
      const { page, complaints } = await signedIn(browser, platform, { width: 1_440 });
      const operator = api(platform.url);
      const at = (path: string): string => `${platform.url}/console/p/billing/${path}`;
      await page.goto(at('customers/new'));
      await page.getByLabel('Name', { exact: true }).fill('Hamnen AB');
      await page.getByLabel('VAT number').fill('12');
      await page.getByLabel('Street').fill('Kajen 1');
      await page.getByLabel('Add a token').selectOption({ label: 'ISO14443 …0002' });
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('with its country in front').waitFor();
      expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Hamnen AB');
      await page.getByLabel('VAT number').fill('SE556000000101');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { name: 'Hamnen AB', level: 1 }).waitFor();
      await page.getByLabel('Days to pay').fill('20');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved').waitFor();
      const [customer] = await operator.all<{ id: string }>('customers');
      expect(await operator.get(`customers/${customer?.id}`)).toMatchObject({
        ...{ vatNumber: 'SE556000000101', termsDays: 20, invoicing: 'month', address: { street: 'Kajen 1' } },
      });
      await page.getByLabel('VAT on its bills').selectOption('reverseCharge');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('the seller has no VAT number').waitFor();
      expect(await operator.get(`customers/${customer?.id}`)).toMatchObject({ vatTreatment: 'charged' });
      await page.getByLabel('VAT on its bills').selectOption('charged');
      await operator.patch(`customers/${customer?.id}`, { termsDays: 45 });
      await page.getByLabel('Street').fill('Kajen 2');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Somebody else has saved').waitFor();
      expect(await operator.get(`customers/${customer?.id}`)).toMatchObject({ address: { street: 'Kajen 1' } });
      await page.getByRole('button', { name: 'Begin again with theirs' }).click();
      expect(await page.getByLabel('Days to pay').inputValue()).toBe('45');
      await page.getByLabel('Street').fill('Kajen 3');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved', { exact: true }).waitFor();
      expect(await operator.get(`customers/${customer?.id}`)).toMatchObject({ address: { street: 'Kajen 3' } });

      const visit = await charge(monthly, { identity: 'PAGES-3' });
      await page.goto(at('invoices?view=runs'));
      await page.getByLabel('Sessions that ended before').fill('2100-01-01');
      const draft = page.getByRole('table', { name: 'What it would issue' }).getByRole('row').nth(1);
      expect(await draft.innerText()).toContain('Hamnen AB');
      const issue = page.getByRole('button', { name: 'Issue the invoices' });
      await issue.click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Issue the invoices' }).click();
      await page.getByText('1 invoice was issued').waitFor();
      await page.getByText('Nothing waits in that period').waitFor();
      expect(await issue.isDisabled()).toBe(true);
      const again = { until: '2100-01-01T00:00:00Z' };
      expect(await operator.post('invoices/runs', again)).toMatchObject({ issued: [] });
      const [bill, ...more] = await operator.all<{ number: string }>(`invoices?session=${visit}`);
      expect(more).toEqual([]);
      await page.goto(at(`invoices/${bill?.number}`));
      await page.getByText('Hamnen AB').waitFor();
      const file = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download as PDF' }).click();
      expect((await file).suggestedFilename()).toBe(`${bill?.number}.pdf`);
      expect(complaints.filter((it) => !/40[049]|412|422/.test(it))).toEqual([]);
      await page.close();
    },
  );

  test(
    'who bills is set with a series for another company, and what somebody else saved is not saved over unasked',
    { timeout: 90_000 },
    async () => {
      const { page, complaints } = await signedIn(browser, platform, { width: 360 });
      const operator = api(platform.url);
      const stored = async () => (await operator.get<{ values: object }>('plugins/billing/settings')).values;
      await page.goto(`${platform.url}/console/p/billing/settings`);
      const seller = page.getByRole('region', { name: 'Who bills' });
      await page.getByText('do not say what the law wants').waitFor();
      await seller.getByLabel('Registered name').fill('Kajen Laddning AB');
      await seller.getByLabel('VAT number').fill('12');
      await seller.getByLabel('City').fill('Stockholm');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('with its country in front').waitFor();
      expect(await seller.getByLabel('Registered name').inputValue()).toBe('Kajen Laddning AB');
      await seller.getByLabel('VAT number').fill('se556000000001');
      await page.getByRole('button', { name: 'Add a seller' }).click();
      const other = page.getByRole('region', { name: 'Other sellers' });
      await other.getByLabel('Short name').fill('gbg');
      await other.getByLabel('In front of its numbers').fill('GBG-');
      await other.getByLabel('Registered name').fill('Kajen Göteborg AB');
      await other.getByLabel('Default site').check();
      await page.getByLabel('Days to pay').fill('20');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Saved', { exact: true }).waitFor();
      expect(await stored()).toMatchObject({
        seller: { legalName: 'Kajen Laddning AB', vatNumber: 'SE556000000001', address: { city: 'Stockholm' } },
        otherSellers: [{ id: 'gbg', numberPrefix: 'GBG-', legalName: 'Kajen Göteborg AB' }],
        termsDays: 20,
      });
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      expect(await violationsOf(page)).toEqual([]);

      await operator.raw('PUT', 'plugins/billing/settings', { ...(await stored()), termsDays: 45 });
      await page.getByLabel('Longer than').fill('12,5');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Somebody else has saved').waitFor();
      expect(await stored()).toMatchObject({ termsDays: 45, gate: { hours: 72 } });
      await page.getByRole('button', { name: 'Save mine over it' }).click();
      await page.getByText('Saved', { exact: true }).waitFor();
      expect(await stored()).toMatchObject({ termsDays: 20, gate: { hours: 12.5 } });
      expect(complaints.filter((it) => !/40[04]|412/.test(it))).toEqual([]);
      await page.close();
    },
  );

  test('a token gets a budget, a cost centre its token, and charging is given away', { timeout: 90_000 }, async () => {
    // The site is in Stockholm, the reader is not.
    const { page } = await signedIn(browser, platform, { width: 1_440, zone: 'America/Los_Angeles' });
    const operator = api(platform.url);
    const theirs = async (): Promise<void> => {
      await page.getByText('Somebody else has saved').waitFor();
      await page.getByRole('button', { name: 'Begin again with theirs' }).click();
    };
    await page.goto(`${platform.url}/console/p/billing/accounts`);
    await page.getByLabel('Token', { exact: true }).selectOption({ label: 'ISO14443 …0001' });
    await page.getByLabel('kWh a month').fill('12,5');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('cell', { name: /12\.50*\skWh/ })
      .first()
      .waitFor();
    type Known = { readonly token: string; readonly energyWh: number };
    const [budget] = await operator.all<Known>('budgets');
    expect(budget).toMatchObject({ energyWh: 12_500, timeZone: 'Europe/Stockholm' });
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    const reserve = { energyWh: 500 };
    await operator.raw('PUT', `budgets/${budget?.token}`, { energyWh: 30_000, reserve });
    await page.getByLabel('kWh a month').fill('40');
    await page.getByRole('button', { name: 'Save' }).click();
    await theirs();
    expect(await operator.all('budgets')).toMatchObject([{ energyWh: 30_000, reserve }]);
    expect(await page.getByLabel('kWh a month').inputValue()).toBe('30');
    await page.getByLabel('kWh a month').fill('50');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('cell', { name: /50(\.0*)?\skWh/ })
      .first()
      .waitFor();
    expect(await operator.all('budgets')).toMatchObject([{ energyWh: 50_000, reserve }]);
    await page.getByRole('link', { name: 'Cost centres' }).click();
    await page.getByLabel('Code').fill('4711');
    await page.getByLabel('Name', { exact: true }).fill('Workshop');
    await page.getByLabel('Add a token').selectOption({ label: 'ISO14443 …0001' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'ISO14443 …0001' }).waitFor();
    await page.getByRole('link', { name: 'Free charging', exact: true }).click();
    await page.getByLabel('Reason').fill('Open day');
    await page.getByLabel('Sessions that begin from').fill('2030-05-04');
    await page.getByLabel('Sessions that begin before').fill('2030-05-05');
    await page.getByRole('button', { name: 'Give it away' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Give it away' }).click();
    await page.getByRole('cell', { name: 'Open day' }).waitFor();
    type Rule = { readonly id: string; readonly etag: string };
    const [rule] = await operator.all<Rule>('free-vend');
    const may = { from: '2030-05-03T22:00:00.000Z', until: '2030-05-04T22:00:00.000Z' };
    expect(rule).toMatchObject({ reason: 'Open day', ...may });
    await page.getByRole('cell', { name: /^4 May 2030 – 5 May 2030/ }).waitFor();
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    expect(await page.getByLabel('Sessions that begin from').inputValue()).toBe('2030-05-04');
    await operator.raw('PUT', `free-vend/${rule?.id}`, { reason: 'Open days', ...may, weekdays: [6] });
    // The night in which clocks go back.
    await page.getByLabel('Sessions that begin from').fill('2030-10-27');
    await page.getByLabel('Sessions that begin before').fill('2030-10-28');
    const change = page.getByRole('button', { name: 'Change it' });
    await change.click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Change it' }).click();
    await theirs();
    expect(await operator.all('free-vend')).toMatchObject([{ reason: 'Open days', ...may, weekdays: [6] }]);
    expect(await page.getByLabel('Reason').inputValue()).toBe('Open days');
    await page.getByLabel('Sessions that begin from').fill('2030-10-27');
    await page.getByLabel('Sessions that begin before').fill('2030-10-28');
    await change.click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Change it' }).click();
    await page.getByRole('cell', { name: /^27 Oct 2030 – 28 Oct 2030/ }).waitFor();
    const october = { from: '2030-10-26T22:00:00.000Z', until: '2030-10-27T23:00:00.000Z' };
    expect(await operator.all('free-vend')).toMatchObject([{ id: rule?.id, ...october, weekdays: [6] }]);
    await page.getByRole('button', { name: 'End', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'End', exact: true }).click();
    await page.getByText('Nothing is given away').waitFor();
    const asked = page.waitForRequest((it) => it.url().includes('/api/v1/sessions?') && it.url().includes('from='));
    await page.goto(`${platform.url}/console/sessions?from=2026-03-29&to=2026-03-29`);
    const { searchParams } = new URL((await asked).url());
    expect([searchParams.get('from'), searchParams.get('to')]).toEqual([
      ...['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ]);
    await page.close();
  });

  test(
    'a key that a station tells is trusted after a look, retired, and pasted again',
    { timeout: 90_000 },
    async () => {
      const { page, complaints } = await signedIn(browser, platform, { width: 1_440 });
      const operator = api(platform.url);
      await page.goto(`${platform.url}/console/p/signed-values/meters`);
      const told = page.getByRole('table', { name: 'Keys that stations tell' });
      await told.getByRole('button', { name: 'Trust this key' }).click();
      const [found] = (await operator.get<{ items: { fingerprint: string }[] }>('meter-keys/found')).items;
      const asRead = found!.fingerprint.match(/.{4}/g)!.join(' ');
      const question = page.getByRole('alertdialog');
      await question.getByText(asRead).waitFor();
      await question.getByRole('button', { name: 'Trust this key' }).click();
      await told.getByText('Trusted').waitFor();
      await page.getByText(`Told by ${identity} beside a signed value`).waitFor();
      await page.getByRole('link', { name: '1PAGES' }).click();
      const judged = page.getByRole('table', { name: 'Signed values' });
      await judged.getByText('Verified', { exact: true }).first().waitFor();
      await judged.getByRole('link', { name: session }).click();
      await page.getByText('1-0:1.8.0').first().waitFor();
      const file = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download for the transparency software' }).click();
      expect((await file).suggestedFilename()).toBe(`signed-values-${session}.xml`);

      await page.goto(`${platform.url}/console/p/signed-values/meters/1PAGES`);
      await page.getByRole('button', { name: 'Retire' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Retire' }).click();
      await page.getByText('Retired').waitFor();
      const pasted = page.getByLabel('Public key as it stands on the meter');
      await pasted.fill('no key at all');
      await page.getByRole('button', { name: 'Trust this key' }).click();
      await page.getByRole('alert').waitFor();
      expect(await pasted.inputValue()).toBe('no key at all');
      await pasted.fill(meter.publicKey);
      await page.getByRole('button', { name: 'Trust this key' }).click();
      await page.getByText('Saved').waitFor();
      const { keys } = await operator.get<{ keys: { withdrawnAt: string | null }[] }>('meters/1PAGES');
      expect(keys.map(({ withdrawnAt }) => withdrawnAt === null)).toEqual([true, false]);
      expect(complaints.filter((it) => !/40[04]|422/.test(it))).toEqual([]);
      await page.close();
    },
  );

  test('revenue is reported by site with its margin, and downloaded as CSV', { timeout: 90_000 }, async () => {
    const { page } = await signedIn(browser, platform, { width: 360 });
    await page.goto(`${platform.url}/console/p/revenue/reports`);
    const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
    const hours = [0, 1, 2, 3, 4].map((back) => new Date(hour.getTime() - back * 3_600_000).toISOString());
    const lines = page.getByLabel('A line an hour');
    await lines.fill('13:00 0.4');
    await page.getByText('Line 1 is no whole hour').waitFor();
    await lines.fill(hours.map((at) => `${at}; 0,40`).join('\n'));
    await page.getByRole('button', { name: 'Save 5 hours' }).click();
    await page.getByRole('button', { name: 'Save 0 hours' }).waitFor();
    await page.getByLabel('Margin').selectOption('true');
    await page.getByLabel('By', { exact: true }).selectOption('site');
    await page.getByRole('cell', { name: 'Total' }).waitFor();
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    expect(await violationsOf(page)).toEqual([]);
    const file = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as CSV' }).click();
    expect((await file).suggestedFilename()).toMatch(/^revenue-site-.*\.csv$/);
    await page.close();
  });

  test('the first load of the console is at most 600 KB, compressed as it is sent', { timeout: 60_000 }, async () => {
    const { page } = await signedIn(browser, platform, { width: 1_280 });
    const client = await page.context().newCDPSession(page);
    await client.send('Network.enable');
    await client.send('Network.setCacheDisabled', { cacheDisabled: true });
    let bytes = 0;
    client.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(`${platform.url}/console`, { waitUntil: 'load' });
    await page.waitForSelector('nav');
    console.log(`first load of /console: ${Math.round(bytes / 1024)} KB`);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(600 * 1024);
    await page.close();
  });
});
