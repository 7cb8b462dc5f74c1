import { asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { text } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Station } from '../../script/station.ts';
import { booted, charging as charges } from '../../ocpp201/cases/plays.ts';

/** 4.00 a kWh and 25 % VAT, as OCPP says it. */
const energy = { prices: [{ priceKwh: 4 }], taxRates: [{ type: 'vat', tax: 25 }] };
const told = { tariffId: text, currency: 'SEK', energy };

/** The default tariff of EVSE 1; gives the id that the station knows it by. */
async function sets(t: Stage, s: Station): Promise<string> {
  const command = await t.asks(s, { type: 'setDefaultTariff', evse: 1, tariff: await t.tariff() });
  const heard = await s.hears('SetDefaultTariff', { evseId: 1, tariff: told }, { status: 'Accepted' });
  await command.ends({ status: 'accepted' });
  return (heard['tariff'] as { readonly tariffId: string }).tariffId;
}

/** I: prices that a station reckons by, and a payment on the page of an EVSE. */
export const tariffs: readonly Case[] = [
  {
    id: 'SetDefaultTariff',
    run: async (t) => {
      const s = await booted(t);
      await sets(t, s);
      s.quiet();
    },
    twins: [
      asksOther('SetDefaultTariff', { evseId: 2 }, 'at another EVSE'),
      asksOther(
        'SetDefaultTariff',
        (it) => ({
          ...it,
          tariff: { ...(it['tariff'] as object), energy: { ...energy, prices: [{ priceKwh: 3 }] } },
        }),
        'another price',
      ),
      contrary('SetDefaultTariff', 'Rejected'),
    ],
  },
  {
    id: 'GetTariffs',
    run: async (t) => {
      const s = await booted(t);
      const tariffId = await sets(t, s);
      const command = await t.asks(s, { type: 'readTariffs' });
      const assigned = { tariffId, tariffKind: 'DefaultTariff', evseIds: [1] };
      await s.hears('GetTariffs', { evseId: 0 }, { status: 'Accepted', tariffAssignments: [assigned] });
      await command.ends({ status: 'accepted', result: { data: [assigned] } });
    },
    twins: [
      asksOther('GetTariffs', { evseId: 1 }, 'of one EVSE alone'),
      stationOther(
        'station answers',
        'GetTariffs',
        { tariffAssignments: [{ tariffId: 'another', tariffKind: 'DefaultTariff', evseIds: [1] }] },
        { breaks: 'another is there', fails: 'the command' },
      ),
      contrary('GetTariffs', 'Rejected'),
    ],
  },
  {
    id: 'ClearTariffs',
    run: async (t) => {
      const s = await booted(t);
      const tariffId = await sets(t, s);
      const command = await t.asks(s, { type: 'clearTariffs', evse: 1, ids: [tariffId] });
      const clearTariffsResult = [{ tariffId, status: 'Accepted' }];
      await s.hears('ClearTariffs', { evseId: 1, tariffIds: [tariffId] }, { clearTariffsResult });
      await command.ends({ status: 'accepted' });
    },
    twins: [
      asksOther('ClearTariffs', { tariffIds: ['another'] }, 'another tariff'),
      stationOther(
        'station answers',
        'ClearTariffs',
        { clearTariffsResult: [{ status: 'Rejected' }] },
        { breaks: 'it is not cleared', fails: 'the command' },
      ),
    ],
  },
  {
    id: 'ChangeTransactionTariff',
    run: async (t) => {
      const { s, tx } = await charges(t);
      const command = await t.asks(s, {
        ...{ type: 'changeTransactionTariff', transaction: tx.id, tariff: await t.tariff() },
      });
      await s.hears('ChangeTransactionTariff', { transactionId: tx.id, tariff: told }, { status: 'Accepted' });
      await command.ends({ status: 'accepted' });
    },
    twins: [
      asksOther('ChangeTransactionTariff', { transactionId: 'another' }, 'in another transaction'),
      contrary('ChangeTransactionTariff', 'NoCurrencyChange'),
    ],
  },
  {
    id: 'NotifyWebPaymentStarted',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'webPaymentStarted', evse: 1, seconds: 300 });
      await s.hears('NotifyWebPaymentStarted', { evseId: 1, timeout: 300 }, {});
      await command.ends({ status: 'accepted' });
    },
    twins: [asksOther('NotifyWebPaymentStarted', { evseId: 2 }, 'at another EVSE')],
  },
];
