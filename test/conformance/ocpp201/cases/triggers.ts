import { asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { ACCEPTED, booted, idTokenOf, tells, type Told, transaction, wh } from './plays.ts';

/** What the operator has the station say, and that it is said. */
const triggers = (
  id: string,
  o: {
    readonly command: Payload;
    readonly asked: Payload;
    readonly says: (s: Station) => Promise<unknown>;
    readonly after?: (s: Station, t: Stage) => Promise<unknown>;
    readonly seen?: (s: Station, t: Stage) => Promise<unknown>;
  },
): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    await o.after?.(s, t);
    const command = await t.asks(s, { type: 'trigger', ...o.command });
    await s.hears('TriggerMessage', o.asked, { status: 'Accepted' });
    await command.taken();
    await o.says(s);
    await command.ends({ status: 'accepted', effect: String(o.asked['requestedMessage']) });
    await o.seen?.(s, t);
  },
  twins: [
    asksOther('TriggerMessage', { requestedMessage: 'SignCombinedCertificate' }, 'another message'),
    asksOther('TriggerMessage', { evse: { id: 2 } }, 'of another EVSE'),
    contrary('TriggerMessage', 'Rejected'),
  ],
});

const metered = (evseId: number) => (s: Station) => s.says('MeterValues', { evseId, meterValue: wh(1_000, 'Trigger') });
const statusOf = (id: string, status: 'Available' | 'Occupied'): Case =>
  triggers(id, {
    command: { message: 'status', evse: 1, connector: 1 },
    asked: { requestedMessage: 'StatusNotification', evse: { id: 1, connectorId: 1 } },
    after: (s) => tells(s, 1, status),
    says: (s) => tells(s, 1, status),
  });

async function starts(s: Station, evse: number, token: string): Promise<Told> {
  const tx = transaction(s, { id: evse, connectorId: 1 });
  await tx.says('Started', 'Authorized', {
    ...{ idToken: idTokenOf(token), meterValue: wh(1_000, 'Transaction.Begin'), wanted: ACCEPTED },
  });
  return tx;
}

/** Those that are running at these EVSEs tell how they stand. */
const ofTransactions = (id: string, evses: readonly number[], evse?: number): Case => {
  const running: { [identity: string]: readonly Told[] } = {};
  const where = evse === undefined ? {} : { evse };
  return triggers(id, {
    command: { message: 'transaction', ...where },
    asked: { requestedMessage: 'TransactionEvent', ...(evse !== undefined && { evse: { id: evse } }) },
    after: async (s, t) => {
      running[s.identity] = await Promise.all(evses.map(async (it) => starts(s, it, await t.token())));
    },
    says: async (s) => {
      for (const tx of running[s.identity] ?? [])
        await tx.says('Updated', 'Trigger', { meterValue: wh(1_100, 'Trigger') });
    },
    seen: (s, t) =>
      t.sees('its sessions', `sessions?station=${s.identity}`, {
        items: evses.map(() => ({ status: 'active', energyWh: 100 })),
      }),
  });
};

export const triggered: readonly Case[] = [
  ofTransactions('F_13', [1], 1),
  ofTransactions('F_14', [1, 2]),
  triggers('F_11', {
    command: { message: 'meterValues', evse: 1 },
    asked: { requestedMessage: 'MeterValues', evse: { id: 1 } },
    says: metered(1),
  }),
  triggers('F_12', {
    command: { message: 'meterValues' },
    asked: { requestedMessage: 'MeterValues' },
    says: async (s) => [await metered(1)(s), await metered(2)(s)],
  }),
  triggers('F_15', {
    command: { message: 'logStatus' },
    asked: { requestedMessage: 'LogStatusNotification' },
    says: (s) => s.says('LogStatusNotification', { status: 'Idle' }),
  }),
  triggers('F_18', {
    command: { message: 'firmwareStatus' },
    asked: { requestedMessage: 'FirmwareStatusNotification' },
    says: (s) => s.says('FirmwareStatusNotification', { status: 'Idle' }),
  }),
  statusOf('F_23', 'Available'),
  statusOf('F_24', 'Occupied'),
  {
    id: 'F_06',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'unlock', evse: 1 });
      await s.hears('UnlockConnector', { evseId: 1, connectorId: 1 }, { status: 'Unlocked' });
      await command.ends({ status: 'accepted', effect: 'unlocked' });
    },
    twins: [
      asksOther('UnlockConnector', { evseId: 2 }, 'another EVSE'),
      contrary('UnlockConnector', 'UnlockFailed'),
      contrary('UnlockConnector', 'UnknownConnector'),
    ],
  },
  {
    id: 'G_01',
    run: async (t) => {
      const s = await booted(t);
      for (const status of ['Occupied', 'Reserved', 'Unavailable', 'Faulted', 'Available']) {
        await tells(s, 1, status);
        await t.connector(s, 1, status.toLowerCase());
      }
    },
    twins: [
      stationOther(
        'station says',
        'StatusNotification',
        { connectorStatus: 'Available' },
        { breaks: 'it is not told', fails: 'connector 1', nth: 3 },
      ),
    ],
  },
];
