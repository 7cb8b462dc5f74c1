import { asksOther, stationOther, type Case } from '../../script/case.ts';
import { at, positive } from '../../script/fit.ts';
import type { Command, Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { authorizes, booted, starts, tells, time } from './plays.ts';

const LONG_MS = 10 * 60_000;

interface Reserving {
  readonly idTag: string;
  readonly evse?: number;
  readonly status?: string;
  readonly more?: Payload;
  readonly forMs?: number;
}

/** ReserveNow as the operator asks for it, and what the station says to it; gives the id. */
async function reserve(
  t: Stage,
  s: Station,
  o: Reserving,
): Promise<{ readonly command: Command; readonly id: number }> {
  const { idTag, evse = 1, status = 'Accepted', more = {}, forMs = LONG_MS } = o;
  const expiresAt = time(forMs);
  const command = await t.asks(s, { type: 'reserve', evse, token: idTag, expiresAt });
  const asked = { connectorId: evse, expiryDate: at(expiresAt), idTag, reservationId: positive, ...more };
  const { reservationId } = await s.hears('ReserveNow', asked, { status });
  return { command, id: reservationId as number };
}

/** Reserved, and shown so by the station. */
async function reserved(t: Stage, s: Station, o: Reserving): Promise<number> {
  const { command, id } = await reserve(t, s, o);
  if (o.evse === 0) await command.ends({ status: 'accepted' });
  else {
    await command.taken();
    await tells(s, 1, 'Reserved');
    await command.ends({ status: 'accepted', effect: 'reserved' });
    await t.connector(s, 1, 'reserved');
  }
  return id;
}

const changed = 'reservation.changed';
const otherToken = asksOther('ReserveNow', { idTag: 'ANOTHER' }, 'for another token');

const refused = (id: string, status: string, first: (t: Stage, s: Station) => Promise<void>): Case => ({
  id,
  run: async (t) => {
    const idTag = await t.token();
    const s = await booted(t);
    await first(t, s);
    const { command } = await reserve(t, s, { idTag, status });
    await command.ends({ status: 'rejected', detail: status });
  },
  twins: [
    otherToken,
    stationOther(
      'station answers',
      'ReserveNow',
      { status: 'Accepted' },
      { breaks: 'it is taken', fails: 'the command' },
    ),
  ],
});

export const reservation: readonly Case[] = [
  {
    id: '046',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      const id = await reserved(t, s, { idTag });
      await authorizes(s, idTag);
      await tells(s, 1, 'Preparing');
      await starts(s, idTag, { reservationId: id });
      await tells(s, 1, 'Charging');
      await t.session(s, { status: 'active', evse: 1 });
      await t.told(s, changed, [
        { reservation: id, evse: 1, status: 'accepted' },
        { reservation: id, status: 'used' },
      ]);
    },
    twins: [otherToken, asksOther('ReserveNow', { connectorId: 2 }, 'of another connector')],
  },
  {
    id: '047',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      const { command, id } = await reserve(t, s, { idTag, forMs: 3_000 });
      await command.taken();
      await tells(s, 1, 'Reserved');
      await t.told(s, changed, [
        { reservation: id, evse: 1, status: 'accepted' },
        { reservation: id, status: 'expired' },
      ]);
      await tells(s, 1, 'Available');
      await t.connector(s, 1, 'available');
    },
    twins: [asksOther('ReserveNow', { expiryDate: '2020-01-01T00:00:00Z' }, 'it is over before it begins')],
  },
  refused('048_1', 'Faulted', (_, s) => tells(s, 1, 'Faulted', { errorCode: 'GroundFailure' }).then(() => undefined)),
  refused('048_2', 'Occupied', (_, s) => tells(s, 1, 'Preparing').then(() => undefined)),
  refused('048_3', 'Unavailable', async (t, s) => {
    const command = await t.asks(s, { type: 'availability', evse: 1, operative: false });
    await s.hears('ChangeAvailability', { connectorId: 1, type: 'Inoperative' }, { status: 'Accepted' });
    await command.taken();
    await tells(s, 1, 'Unavailable');
    await command.ends({ status: 'accepted', effect: 'inoperative' });
  }),
  refused('048_4', 'Rejected', async () => undefined),
  {
    id: '049',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      const id = await reserved(t, s, { idTag, evse: 0 });
      await t.told(s, changed, [{ reservation: id, evse: 0, status: 'accepted' }]);
    },
    twins: [otherToken, asksOther('ReserveNow', { connectorId: 1 }, 'of one connector only')],
  },
  {
    id: '051',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      const id = await reserved(t, s, { idTag });
      const command = await t.asks(s, { type: 'cancelReservation', reservation: id });
      await s.hears('CancelReservation', { reservationId: id }, { status: 'Accepted' });
      await tells(s, 1, 'Available');
      await command.ends({ status: 'accepted' });
      await t.told(s, changed, [{ status: 'accepted' }, { reservation: id, status: 'cancelled' }]);
    },
    twins: [
      asksOther('CancelReservation', { reservationId: 4 }, 'another reservation'),
      stationOther(
        'station answers',
        'CancelReservation',
        { status: 'Rejected' },
        { breaks: 'the station refuses', fails: 'the command' },
      ),
    ],
  },
  {
    id: '052',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      const id = await reserved(t, s, { idTag });
      const command = await t.asks(s, { type: 'cancelReservation', reservation: id });
      await s.hears('CancelReservation', { reservationId: id }, { status: 'Rejected' });
      await command.ends({ status: 'rejected', detail: 'Rejected' });
    },
    twins: [
      asksOther('CancelReservation', { reservationId: 4 }, 'another reservation'),
      stationOther(
        'station answers',
        'CancelReservation',
        { status: 'Accepted' },
        { breaks: 'the station obeys', fails: 'the command' },
      ),
    ],
  },
  {
    id: '053',
    run: async (t) => {
      const parentIdTag = t.strange();
      const [idTag, other] = [await t.token({ group: parentIdTag }), await t.token({ group: parentIdTag })];
      const s = await booted(t);
      const id = await reserved(t, s, { idTag, more: { parentIdTag } });
      await s.says('Authorize', { idTag: other }, { idTagInfo: { status: 'Accepted', parentIdTag } });
      await starts(s, other, { reservationId: id });
      await t.told(s, changed, [{ status: 'accepted' }, { reservation: id, status: 'used' }]);
    },
    twins: [
      asksOther('ReserveNow', { parentIdTag: 'ANOTHER' }, 'for another group'),
      {
        ...{
          breaks: 'the group is not told',
          who: 'csms answers',
          action: 'Authorize',
          fails: 'the answer to Authorize',
        },
        change: { idTagInfo: { status: 'Accepted' } },
      },
    ],
  },
];
