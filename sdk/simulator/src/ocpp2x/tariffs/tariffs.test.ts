import { describe, expect, test } from 'vitest';
import { stand2x, type Version } from '../../../test/stand2x.ts';

type Payload = Record<string, unknown>;
const patient = { withinMs: 20_000 };

describe.each<Version>(['ocpp2.0.1', 'ocpp2.1'])('the cost at a station of %s', (version) => {
  const at = stand2x(version);

  test('is what the CSMS says while it charges and when it has ended', async () => {
    at.csms.answers['TransactionEvent'] = (event) => (event['eventType'] === 'Ended' ? { totalCost: 4.2 } : {});
    const station = await at.started();
    station.plugIn(1);
    await station.present(1, 'TAG1');
    const [entry] = station.ledger;
    expect(await at.ask('CostUpdated', { totalCost: 1.5, transactionId: entry?.transactionId })).toEqual({});
    expect(entry?.cost).toEqual({ total: 1.5, final: false });
    expect(await at.ask('CostUpdated', { totalCost: 9, transactionId: 'NOBODY' })).toEqual({});
    station.end(1);
    await station.settled(patient);
    expect(entry?.cost).toEqual({ total: 4.2, final: true });
    expect(at.mistakes()).toEqual([]);
  });
});

describe('a station of ocpp2.1', () => {
  const at = stand2x('ocpp2.1');
  const tariffOf = (tariffId: string, o: Payload = {}): Payload => ({
    ...{ tariffId, currency: 'EUR', energy: { prices: [{ priceKwh: 0.4 }] }, ...o },
  });
  const set = (evseId: number, tariff: Payload) => at.ask('SetDefaultTariff', { evseId, tariff });
  const infos = (): Payload[] => at.heard('TransactionEvent').map((event) => event['transactionInfo'] as Payload);

  test('tariffs are kept by EVSE, told, and cleared', async () => {
    await at.started({ connectors: 2 });
    const later = tariffOf('LATER', { validFrom: '2999-01-01T00:00:00.000Z' });
    expect([await set(0, tariffOf('ALL')), await set(2, tariffOf('TWO')), await set(2, later)]).toEqual(
      ['Accepted', 'Accepted', 'Accepted'].map((status) => ({ status })),
    );
    expect(await set(9, tariffOf('NOWHERE'))).toEqual({ status: 'Rejected' });
    expect(await set(1, tariffOf('ALL', { currency: 'SEK' }))).toEqual({ status: 'DuplicateTariffId' });
    expect(await at.ask('GetTariffs', { evseId: 0 })).toEqual({
      status: 'Accepted',
      tariffAssignments: [
        { tariffId: 'ALL', tariffKind: 'DefaultTariff', evseIds: [1, 2] },
        { tariffId: 'TWO', tariffKind: 'DefaultTariff', evseIds: [2] },
        { tariffId: 'LATER', tariffKind: 'DefaultTariff', evseIds: [2], validFrom: later['validFrom'] },
      ],
    });
    expect(await at.ask('ClearTariffs', { tariffIds: ['TWO', 'NONE'] })).toEqual({
      clearTariffsResult: [
        { tariffId: 'TWO', status: 'Accepted' },
        { tariffId: 'NONE', status: 'NoTariff' },
      ],
    });
    expect(await at.ask('ClearTariffs')).toMatchObject({ clearTariffsResult: [{ tariffId: 'ALL' }, {}] });
    expect(await at.ask('GetTariffs', { evseId: 0 })).toEqual({ status: 'NoTariff' });
    expect(at.mistakes()).toEqual([]);
  });

  test('a tariff that is too much for it is refused', async () => {
    const configuration = {
      'TariffCostCtrlr.MaxElements(Tariff)': '2',
      'TariffCostCtrlr.ConditionsSupported(Tariff)': 'false',
    };
    await at.started({ configuration });
    const prices = [{ priceKwh: 1 }, { priceKwh: 2 }, { priceKwh: 3 }];
    expect(await set(0, tariffOf('MANY', { energy: { prices } }))).toEqual({ status: 'TooManyElements' });
    const night = { prices: [{ priceKwh: 1, conditions: { startTimeOfDay: '22:00' } }] };
    expect(await set(0, tariffOf('NIGHT', { energy: night }))).toEqual({ status: 'ConditionNotSupported' });
  });

  test('a transaction tells its tariff: the driver’s before that of the EVSE, and one that it is changed to', async () => {
    at.csms.answers['Authorize'] = () => ({ idTokenInfo: { status: 'Accepted' }, tariff: tariffOf('DRIVER') });
    const station = await at.started();
    await set(0, tariffOf('ALL'));
    station.plugIn(1);
    await station.present(1, 'TAG1');
    await at.csms.arrives('TransactionEvent');
    expect(infos()[0]).toMatchObject({ tariffId: 'DRIVER' });
    expect(await at.ask('GetTariffs', { evseId: 0 })).toMatchObject({
      tariffAssignments: [{ tariffId: 'ALL' }, { tariffId: 'DRIVER', tariffKind: 'DriverTariff', idTokens: ['TAG1'] }],
    });
    const transactionId = station.ledger[0]?.transactionId;
    const change = (tariff: Payload, id = transactionId) =>
      at.ask('ChangeTransactionTariff', { transactionId: id, tariff });
    expect(await change(tariffOf('NEW'), 'NOBODY')).toEqual({ status: 'TxNotFound' });
    expect(await change(tariffOf('NEW', { currency: 'SEK' }))).toEqual({ status: 'NoCurrencyChange' });
    const told = station.next('sent', { ...patient, where: ({ text }) => text.includes('"TariffChanged"') });
    expect(await change(tariffOf('NEW'))).toEqual({ status: 'Accepted' });
    expect((await told).text).toContain('"tariffId":"NEW"');
    expect(at.mistakes()).toEqual([]);
  });

  test.each([
    ['maxEnergy', 2_000, 'EnergyLimitReached', 'EnergyLimitReached'],
    ['maxTime', 900, 'TimeLimitReached', 'TimeLimitReached'],
    ['maxSoC', 40, 'SoCLimitReached', 'SOCLimitReached'],
    ['maxCost', 3, 'CostLimitReached', 'LocalOutOfCredit'],
  ])('a limit of %s ends the transaction when it is reached', async (limit, value, triggerReason, stoppedReason) => {
    at.csms.answers['TransactionEvent'] = (event) =>
      event['eventType'] === 'Started' ? { transactionLimit: { [limit]: value } } : {};
    const station = await at.started();
    station.plugIn(1);
    await station.present(1, 'TAG1');
    await station.next('startAnswered', patient);
    if (limit === 'maxCost') {
      const { transactionId } = station.ledger[0]!;
      await at.ask('CostUpdated', { totalCost: 2.9, transactionId });
      await station.next('metered', patient);
      expect(station.ledger[0]?.stoppedAt).toBeUndefined();
      await at.ask('CostUpdated', { totalCost: 3, transactionId });
    }
    await station.next('stopAnswered', patient);
    const events = at.heard('TransactionEvent');
    expect(events.some((event) => event['triggerReason'] === 'LimitSet')).toBe(true);
    expect(events.at(-1)).toMatchObject({ eventType: 'Ended', triggerReason, transactionInfo: { stoppedReason } });
    expect(at.mistakes()).toEqual([]);
  });

  const costsTold = (): Payload[] => at.heard('TransactionEvent').filter((event) => event['costDetails'] !== undefined);

  test('its cost is reckoned by its tariff: told with the readings, whole at the end', async () => {
    const station = await at.started({ configuration: { 'SampledDataCtrlr.TxUpdatedInterval': '600' } });
    await set(0, tariffOf('ALL', { fixedFee: { prices: [{ priceFixed: 1 }], taxRates: [{ type: 'vat', tax: 20 }] } }));
    const entry = await station.charge({ idTag: 'TAG1', stopAfterWh: 4_000 });
    await station.settled(patient);
    const energy = entry.meterStopWh! - entry.meterStartWh;
    const exclTax = Number((1 + (energy * 4) / 10_000).toFixed(4));
    const [ended, ...running] = costsTold().reverse();
    expect(running.map(({ eventType, triggerReason }) => [eventType, triggerReason])).toContainEqual([
      ...['Updated', 'MeterValuePeriodic'],
    ]);
    expect(ended).toMatchObject({
      eventType: 'Ended',
      costDetails: {
        chargingPeriods: [{ tariffId: 'ALL', dimensions: [{ type: 'Energy', volume: energy }, {}, {}] }],
        totalCost: { currency: 'EUR', total: { exclTax, inclTax: Number((exclTax + 0.2).toFixed(4)) } },
        totalUsage: { energy },
      },
    });
    expect(entry.reckoned).toMatchObject({ tariffId: 'ALL', exclTax: String(exclTax), final: true });
    expect(at.mistakes()).toEqual([]);
  });

  test('where an interval is set the running cost goes out by itself; where it is switched off, not at all', async () => {
    const configuration = { 'SampledDataCtrlr.TxUpdatedInterval': '0', 'TariffCostCtrlr.Interval(Cost)': '300' };
    const station = await at.started({ configuration });
    await set(0, tariffOf('ALL'));
    await station.charge({ idTag: 'TAG1', stopAfterSeconds: 1_900 });
    await station.settled(patient);
    const triggers = costsTold().map((event) => event['triggerReason']);
    // Six of them, and fewer where the timers are late.
    expect(triggers.length).toBeGreaterThan(3);
    expect(new Set(triggers.slice(0, -1))).toEqual(new Set(['RunningCost']));
    expect(triggers.at(-1)).toBe('StopAuthorized');
    const off = { component: { name: 'TariffCostCtrlr' }, variable: { name: 'Enabled', instance: 'Tariff' } };
    await at.ask('SetVariables', { setVariableData: [{ ...off, attributeValue: 'false' }] });
    const entry = await station.charge({ idTag: 'TAG1', stopAfterSeconds: 600 });
    await station.settled(patient);
    expect(costsTold()).toHaveLength(triggers.length);
    expect(entry.reckoned).toBeUndefined();
  });

  test('a limit of cost holds for what it reckons itself', async () => {
    at.csms.answers['TransactionEvent'] = (event) =>
      event['eventType'] === 'Started' ? { transactionLimit: { maxCost: 1.2 } } : {};
    const station = await at.started({ speed: 600 });
    await set(0, tariffOf('ALL'));
    station.plugIn(1);
    await station.present(1, 'TAG1');
    await station.next('stopAnswered', patient);
    const [entry] = station.ledger;
    expect(at.heard('TransactionEvent').at(-1)).toMatchObject({ triggerReason: 'CostLimitReached' });
    // 3 kWh at 0.4; it looks once a minute, in which 11 kW come to 0.075.
    expect(Number(entry!.reckoned!.inclTax)).toBeGreaterThanOrEqual(1.2);
    expect(Number(entry!.reckoned!.inclTax)).toBeLessThan(1.5);
  });
});
