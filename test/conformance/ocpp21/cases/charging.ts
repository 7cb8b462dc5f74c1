import { answersOther, asksOther, contrary, stationOther, type Case, type Twin } from '../../script/case.ts';
import { at } from '../../script/fit.ts';
import type { Ended, Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { booted, charging as charges } from '../../ocpp201/cases/plays.ts';

const MOMENT = '2026-01-05T12:00:00.000Z';

/** The operator asks, the station hears exactly that and answers. */
async function asked(
  t: Stage,
  s: Station,
  o: {
    readonly command: Payload;
    readonly action: string;
    readonly heard: Payload;
    readonly answer?: Payload;
    readonly ends?: Ended;
  },
): Promise<void> {
  const command = await t.asks(s, o.command);
  await s.hears(o.action, o.heard, o.answer ?? { status: 'Accepted' });
  await command.ends(o.ends ?? { status: 'accepted' });
}

const askedOther = (action: string, change: Payload, breaks: string): readonly [Twin, Twin] => [
  asksOther(action, change, breaks),
  contrary(action, 'Rejected', 1),
];

/** K and Q: priority, dynamic profiles, ways in which energy may flow. */
export const charging: readonly Case[] = [
  {
    id: 'UsePriorityCharging',
    run: async (t) => {
      const { s, tx } = await charges(t);
      const command = { type: 'priorityCharging', transaction: tx.id };
      await asked(t, s, {
        command: { ...command, active: true },
        ...{ action: 'UsePriorityCharging', heard: { transactionId: tx.id, activate: true } },
      });
      await asked(t, s, {
        command: { ...command, active: false },
        ...{ action: 'UsePriorityCharging', heard: { transactionId: tx.id, activate: false } },
        ...{ answer: { status: 'NoProfile' }, ends: { status: 'rejected' } },
      });
    },
    twins: askedOther('UsePriorityCharging', { transactionId: 'another' }, 'another transaction'),
  },
  {
    id: 'NotifyPriorityCharging',
    run: async (t) => {
      const { s, tx } = await charges(t);
      const path = `stations/${s.identity}/charging`;
      await s.says('NotifyPriorityCharging', { transactionId: tx.id, activated: true }, {});
      await t.sees('the transaction that has priority', path, { priority: [tx.id] });
      await s.says('NotifyPriorityCharging', { transactionId: tx.id, activated: false }, {});
      await t.sees('that none has priority', path, { priority: [] });
    },
    twins: [
      stationOther(
        'station says',
        'NotifyPriorityCharging',
        { activated: false },
        { breaks: 'it is switched off', fails: 'the transaction that has priority', nth: 1 },
      ),
      stationOther(
        'station says',
        'NotifyPriorityCharging',
        { transactionId: 'another' },
        { breaks: 'another is switched off', fails: 'that none has priority', nth: 2 },
      ),
    ],
  },
  {
    id: 'UpdateDynamicSchedule',
    run: async (t) => {
      const s = await booted(t);
      await asked(t, s, {
        command: { type: 'updateDynamicSchedule', profile: 8, setpoints: { limit: 10, dischargeLimitL2: -5 } },
        action: 'UpdateDynamicSchedule',
        heard: { chargingProfileId: 8, scheduleUpdate: { limit: 10, dischargeLimit_L2: -5 } },
      });
    },
    twins: askedOther('UpdateDynamicSchedule', { scheduleUpdate: { limit: 10 } }, 'a set-point is missing'),
  },
  {
    id: 'PullDynamicScheduleUpdate',
    run: async (t) => {
      const s = await booted(t);
      await s.says('PullDynamicScheduleUpdate', { chargingProfileId: 987_654 }, { status: 'Rejected' });
    },
    twins: [
      answersOther('PullDynamicScheduleUpdate', { status: 'Accepted' }, 'set-points are said of what nobody knows'),
    ],
  },
  {
    id: 'NotifyAllowedEnergyTransfer',
    run: async (t) => {
      const { s, tx } = await charges(t);
      await asked(t, s, {
        command: { type: 'allowEnergyTransfer', transaction: tx.id, modes: ['AC_single_phase', 'AC_BPT'] },
        action: 'NotifyAllowedEnergyTransfer',
        heard: { transactionId: tx.id, allowedEnergyTransfer: ['AC_single_phase', 'AC_BPT'] },
      });
    },
    twins: askedOther('NotifyAllowedEnergyTransfer', { allowedEnergyTransfer: ['DC'] }, 'another way'),
  },
  {
    id: 'AFRRSignal',
    run: async (t) => {
      const s = await booted(t);
      const command = { type: 'frequencySignal', signal: 3, at: MOMENT };
      await asked(t, s, { command, action: 'AFRRSignal', heard: { timestamp: at(MOMENT), signal: 3 } });
    },
    twins: askedOther('AFRRSignal', { signal: 4 }, 'another signal'),
  },
];
