import { answersOther, stationOther, type Case } from '../../script/case.ts';
import { oneOf } from '../../script/fit.ts';
import { booted, charging as charges } from '../../ocpp201/cases/plays.ts';

const fails = 'what was told of station.noted';

/** C: what is paid at the station. */
export const money: readonly Case[] = [
  {
    id: 'NotifySettlement',
    run: async (t) => {
      const { s, tx } = await charges(t);
      const settlement = (pspRef: string, status: string) => ({
        ...{ transactionId: tx.id, pspRef, status, settlementAmount: 12.5 },
        settlementTime: '2026-01-05T12:00:00.000Z',
      });
      const failed = { ...settlement('P-1', 'Failed'), statusInfo: 'no connection' };
      const settled = { ...settlement('P-2', 'Settled'), receiptId: 'R-1', receiptUrl: 'https://pay.example/r/1' };
      for (const one of [failed, settled]) await s.says('NotifySettlement', one, {});
      await t.told(
        s,
        'station.noted',
        [failed, settled].map((data) => ({ topic: 'settlement', data })),
      );
    },
    twins: [
      stationOther(
        'station says',
        'NotifySettlement',
        { settlementAmount: 1_250 },
        { breaks: 'another amount was taken', fails },
      ),
      stationOther(
        'station says',
        'NotifySettlement',
        { status: 'Settled' },
        { breaks: 'both are settled', fails, nth: 1 },
      ),
    ],
  },
  {
    id: 'VatNumberValidation',
    run: async (t) => {
      const s = await booted(t);
      // Whether somebody knows the number is the CSMS's affair; that it is answered for is not.
      const status = oneOf('Accepted', 'Rejected');
      const asked = { vatNumber: 'SE556677889901', evseId: 1 };
      await s.says('VatNumberValidation', asked, { ...asked, status });
      await s.says('VatNumberValidation', { vatNumber: 'XX1' }, { vatNumber: 'XX1', status: 'Rejected' });
    },
    twins: [
      answersOther('VatNumberValidation', { vatNumber: 'SE000000000001' }, 'it is answered for another number'),
      answersOther('VatNumberValidation', { evseId: 2 }, 'it is answered for another EVSE'),
    ],
  },
];
