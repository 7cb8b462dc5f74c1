import { asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { at, oneOf, positive } from '../../script/fit.ts';
import type { Command, Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { ACCEPTED, authorizes, booted, idTokenOf, tells, transaction, wh } from './plays.ts';

const changed = 'reservation.changed';
const otherToken = asksOther('ReserveNow', { idToken: idTokenOf('ANOTHER') }, 'for another token');

interface Reserving {
  readonly token: string;
  /** None: any of them. */
  readonly evse?: number;
  /** Any that has one of that type. */
  readonly connectorType?: string;
  readonly status?: string;
  readonly more?: Payload;
}

async function reserve(t: Stage, s: Station, o: Reserving): Promise<{ command: Command; id: number }> {
  const { token, evse, connectorType, status = 'Accepted', more = {} } = o;
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const where = evse === undefined ? {} : { evse };
  const type = connectorType === undefined ? {} : { connectorType };
  const command = await t.asks(s, { type: 'reserve', ...where, ...type, token, expiresAt });
  const asked = { id: positive, expiryDateTime: at(expiresAt), idToken: idTokenOf(token), ...type, ...more };
  const { id } = await s.hears('ReserveNow', { ...asked, ...(evse !== undefined && { evseId: evse }) }, { status });
  return { command, id: id as number };
}

/** Reserved, and shown so by the station. */
async function reserved(t: Stage, s: Station, o: Reserving): Promise<number> {
  const { command, id } = await reserve(t, s, o);
  if (o.evse !== undefined) {
    await command.taken();
    await tells(s, o.evse, 'Reserved');
  }
  await command.ends({ status: 'accepted', ...(o.evse !== undefined && { effect: 'reserved' }) });
  return id;
}

/** The station lets it go, and says why. */
const gone = (id: string, status: 'Expired' | 'Removed', then: string): Case => ({
  id,
  run: async (t) => {
    const token = await t.token();
    const s = await booted(t);
    const reservation = await reserved(t, s, { token, evse: 1 });
    await tells(s, 1, then);
    await s.says('ReservationStatusUpdate', { reservationId: reservation, reservationUpdateStatus: status });
    await t.told(s, changed, [
      { reservation, evse: 1, status: 'accepted' },
      { reservation, status: status === 'Expired' ? 'expired' : 'cancelled' },
    ]);
  },
  twins: [
    otherToken,
    stationOther(
      'station says',
      'ReservationStatusUpdate',
      { reservationUpdateStatus: status === 'Expired' ? 'Removed' : 'Expired' },
      { breaks: 'it goes otherwise', fails: changed },
    ),
  ],
});

/** Used by that token, or by another of its group. */
const used = (id: string, grouped: boolean): Case => ({
  id,
  run: async (t) => {
    const group = grouped ? `G${t.strange()}` : undefined;
    const given = group === undefined ? {} : { group };
    const token = await t.token(given);
    const other = grouped ? await t.token(given) : token;
    const s = await booted(t);
    // The type of a group's token is not known here.
    const more = group === undefined ? {} : { groupIdToken: { idToken: group, type: oneOf('Central', 'ISO14443') } };
    const reservation = await reserved(t, s, { token, evse: 1, more });
    await authorizes(s, other);
    const tx = transaction(s);
    await tx.says('Started', 'Authorized', {
      ...{ idToken: idTokenOf(other), meterValue: wh(1_000, 'Transaction.Begin'), wanted: ACCEPTED },
      reservationId: reservation,
    });
    await t.session(s, { status: 'active', evse: 1, transactionId: tx.id });
    await t.told(s, changed, [
      { reservation, evse: 1, status: 'accepted' },
      { reservation, status: 'used' },
    ]);
  },
  twins: grouped
    ? [asksOther('ReserveNow', { groupIdToken: idTokenOf('ANOTHER') }, 'for another group')]
    : [otherToken, asksOther('ReserveNow', { evseId: 2 }, 'of another EVSE')],
});

export const reservation: readonly Case[] = [
  used('H_01', false),
  gone('H_07', 'Expired', 'Available'),
  {
    id: 'H_08',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      const id = await reserved(t, s, { token });
      await t.told(s, changed, [{ reservation: id, evse: 0, status: 'accepted' }]);
    },
    twins: [otherToken, asksOther('ReserveNow', { evseId: 1 }, 'of one EVSE only')],
  },
  {
    id: 'H_14',
    run: async (t) => {
      const s = await booted(t);
      const ids = [await reserved(t, s, { token: await t.token() }), await reserved(t, s, { token: await t.token() })];
      t.must('ReserveNow comes: another id', ids[0] === ids[1], false);
      for (const evse of [1, 2]) {
        await tells(s, evse, 'Reserved');
        await t.connector(s, evse, 'reserved');
      }
      await t.told(
        s,
        changed,
        ids.map((it) => ({ reservation: it, evse: 0, status: 'accepted' })),
      );
    },
    twins: [
      otherToken,
      asksOther('ReserveNow', { id: 7 }, 'both have one id'),
      { ...contrary('ReserveNow', 'Occupied', 2) },
    ],
  },
  {
    id: 'H_15',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      const id = await reserved(t, s, { token, connectorType: 'cType2' });
      await t.told(s, changed, [{ reservation: id, evse: 0, status: 'accepted' }]);
    },
    twins: [
      otherToken,
      asksOther('ReserveNow', { connectorType: 'cCCS2' }, 'of another type'),
      asksOther('ReserveNow', ({ connectorType: _, ...rest }) => rest, 'of any type'),
      contrary('ReserveNow', 'Unavailable'),
    ],
  },
  {
    id: 'H_17',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      const id = await reserved(t, s, { token, evse: 1 });
      const command = await t.asks(s, { type: 'cancelReservation', reservation: id });
      await s.hears('CancelReservation', { reservationId: id }, { status: 'Accepted' });
      await tells(s, 1, 'Available');
      await command.ends({ status: 'accepted' });
      await t.told(s, changed, [{ status: 'accepted' }, { reservation: id, status: 'cancelled' }]);
    },
    twins: [
      asksOther('CancelReservation', { reservationId: 4 }, 'another reservation'),
      contrary('CancelReservation', 'Rejected'),
    ],
  },
  used('H_19', true),
  gone('H_20', 'Removed', 'Faulted'),
  {
    id: 'H_22',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      const { command } = await reserve(t, s, { token, evse: 1, status: 'Rejected' });
      await command.ends({ status: 'rejected', detail: 'Rejected' });
    },
    twins: [otherToken, contrary('ReserveNow', 'Accepted')],
  },
];
