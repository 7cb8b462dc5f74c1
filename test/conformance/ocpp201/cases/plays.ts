import type { Case } from '../../script/case.ts';
import { misfit, now, positive, type Rule } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';

/** What several cases of 2.x begin with. */

export const chargingStation: Payload = { vendorName: 'Conformance', model: 'Two sockets' };

export const time = (fromNowMs = 0): string => new Date(Date.now() + fromNowMs).toISOString();

export const tells = (s: Station, evseId: number, connectorStatus: string): Promise<Payload> =>
  s.says('StatusNotification', { ...{ timestamp: time(), connectorStatus, evseId, connectorId: 1 } }, {});

export const tellsEvent = (s: Station, type: string): Promise<Payload> =>
  s.says('SecurityEventNotification', { type, timestamp: time() });

/** Boot, accepted with the time and an interval, and the state of both connectors. */
export async function boots(s: Station, reason = 'PowerUp', states = ['Available', 'Available']): Promise<void> {
  const wanted = { status: 'Accepted', currentTime: now, interval: positive };
  await s.says('BootNotification', { reason, chargingStation }, wanted);
  for (const [n, word] of states.entries()) await tells(s, n + 1, word);
}

export async function booted(t: Stage): Promise<Station> {
  const s = await t.station();
  await boots(s);
  return s;
}

export const idTokenOf = (value: string): Payload => ({ idToken: value, type: 'ISO14443' });

export const authorizes = (s: Station, token: string, word = 'Accepted'): Promise<Payload> =>
  s.says('Authorize', { idToken: idTokenOf(token) }, { idTokenInfo: { status: word } });

/** A register in Wh, as an event carries it. */
export const wh = (value: number, context = 'Sample.Periodic', more: Payload = {}): readonly Payload[] => [
  {
    timestamp: time(),
    sampledValue: [{ value, context, measurand: 'Energy.Active.Import.Register', ...more }],
  },
];

/** One transaction of a station, as it tells it: the seqNo counts itself. */
export interface Told {
  readonly id: string;
  says(
    eventType: 'Started' | 'Updated' | 'Ended',
    triggerReason: string,
    o?: { readonly info?: Payload; readonly wanted?: Payload } & Payload,
  ): Promise<Payload>;
  /** The same transaction goes on, over another connection. */
  over(s: Station): Told;
}

export const transaction = (s: Station, evse: Payload | 'not chosen' = { id: 1, connectorId: 1 }): Told => {
  const id = `T-${s.identity}-${Math.abs(Number(process.hrtime.bigint() % 1_000_000n))}`.slice(-36);
  let seqNo = 0;
  const by = (s: Station): Told => ({
    ...{ id, over: by },
    says: (eventType, triggerReason, { info = {}, wanted = {}, ...more } = {}) =>
      s.says(
        'TransactionEvent',
        {
          ...{ eventType, timestamp: time(), triggerReason, seqNo: seqNo++ },
          transactionInfo: { transactionId: id, ...info },
          ...(evse !== 'not chosen' && eventType === 'Started' && { evse }),
          ...more,
        },
        wanted,
      ),
  });
  return by(s);
};

/** EVConnectionTimeOut is over: what began is given up, and nothing was charged (E03.FR.05). */
export const noCable = { info: { stoppedReason: 'Timeout' }, meterValue: wh(1_000, 'Transaction.End') };

export const ACCEPTED = { idTokenInfo: { status: 'Accepted' } };

/** Plugged, authorised, started, charging at EVSE 1, the register at 1,000 Wh; at a station of its own where one is given. */
export async function charging(
  t: Stage,
  { group, at }: { readonly group?: string; readonly at?: Station } = {},
): Promise<{ readonly s: Station; readonly token: string; readonly tx: Told }> {
  const token = await t.token(group === undefined ? {} : { group });
  const s = at ?? (await t.station());
  await boots(s);
  await tells(s, 1, 'Occupied');
  await authorizes(s, token);
  const tx = transaction(s);
  await tx.says('Started', 'Authorized', {
    ...{ idToken: idTokenOf(token), meterValue: wh(1_000, 'Transaction.Begin'), wanted: ACCEPTED },
  });
  await tx.says('Updated', 'ChargingStateChanged', { info: { chargingState: 'Charging' } });
  return { s, token, tx };
}

/** connectionData, as it goes to the station; 2.1 leaves the version to the subprotocol. */
export const connection = (o: {
  readonly url: string;
  readonly securityProfile: number;
  readonly interface: string;
}): Rule => {
  const wanted = {
    ...{ ocppTransport: 'JSON', ocppCsmsUrl: o.url, messageTimeout: positive },
    ...{ securityProfile: o.securityProfile, ocppInterface: o.interface },
  };
  return {
    rule: `a connection to ${o.url} by profile ${o.securityProfile}`,
    fits: (it) => {
      const { ocppVersion = 'OCPP20', ...rest } = it as Payload;
      return ocppVersion === 'OCPP20' && misfit(rest, wanted, true) === undefined;
    },
  };
};

/** The case in another version. */
export const inVersion = (version: '2.0.1' | '2.1', cases: readonly Case[]): readonly Case[] =>
  cases.map((it) => ({ ...it, version }));
