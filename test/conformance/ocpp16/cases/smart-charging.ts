import { asksOther, stationOther, type Case } from '../../script/case.ts';
import { at } from '../../script/fit.ts';
import type { Payload } from '../../script/station.ts';
import { authorizes, booted, charging, starts, tells, time } from './plays.ts';

const KIND = { txDefault: 'TxDefaultProfile', tx: 'TxProfile', stationMax: 'ChargePointMaxProfile' } as const;

/** One profile in the operator's words, and as it must go over the wire. */
const profile = (id: number, purpose: keyof typeof KIND, transactionId?: number, stackLevel = 0) => {
  const start = time(60_000);
  return {
    asked: {
      ...{ id, purpose, kind: 'absolute', stackLevel },
      schedule: { unit: 'W', start, seconds: 3_600, periods: [{ start: 0, limit: 6_000, phases: 3 }] },
    },
    wire: {
      ...{ chargingProfileId: id, stackLevel, chargingProfilePurpose: KIND[purpose], chargingProfileKind: 'Absolute' },
      ...(transactionId === undefined ? {} : { transactionId }),
      chargingSchedule: {
        ...{ duration: 3_600, startSchedule: at(start), chargingRateUnit: 'W' },
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 6_000, numberPhases: 3 }],
      },
    },
  };
};

const profiles = 'station.profilesChanged';
const otherLimit = (payload: Payload): Payload => {
  const { csChargingProfiles: it } = payload as { csChargingProfiles: { chargingSchedule: object } };
  const chargingSchedule = { ...it.chargingSchedule, chargingSchedulePeriod: [{ startPeriod: 0, limit: 7_000 }] };
  return { ...payload, csChargingProfiles: { ...it, chargingSchedule } };
};
const refuses = stationOther(
  'station answers',
  'SetChargingProfile',
  { status: 'Rejected' },
  { breaks: 'the station refuses', fails: 'the command' },
);

export const smartCharging: readonly Case[] = [
  {
    id: '056',
    run: async (t) => {
      const s = await booted(t);
      const { asked, wire } = profile(56, 'txDefault');
      const command = await t.asks(s, { type: 'setProfile', evse: 1, profile: asked });
      await s.hears('SetChargingProfile', { connectorId: 1, csChargingProfiles: wire }, { status: 'Accepted' });
      await command.ends({ status: 'accepted' });
      await t.told(s, profiles, [{ changes: [{ set: { id: 56, evse: 1, purpose: 'txDefault' } }] }]);
    },
    twins: [asksOther('SetChargingProfile', otherLimit, 'another limit'), refuses],
  },
  {
    id: '057',
    run: async (t) => {
      const { s, id } = await charging(t);
      const { asked, wire } = profile(57, 'tx', id);
      const command = await t.asks(s, { type: 'setProfile', evse: 1, profile: asked });
      await s.hears('SetChargingProfile', { connectorId: 1, csChargingProfiles: wire }, { status: 'Accepted' });
      await command.ends({ status: 'accepted' });
    },
    twins: [
      asksOther(
        'SetChargingProfile',
        (payload) => ({
          ...payload,
          csChargingProfiles: { ...(payload['csChargingProfiles'] as Payload), transactionId: 5 },
        }),
        'of another transaction',
      ),
      refuses,
    ],
  },
  {
    id: '059',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      const { asked, wire } = profile(59, 'tx');
      const command = await t.asks(s, { type: 'start', evse: 1, token: idTag, profile: asked });
      const start = { connectorId: 1, idTag, chargingProfile: wire };
      await s.hears('RemoteStartTransaction', start, { status: 'Accepted' });
      await authorizes(s, idTag);
      await tells(s, 1, 'Preparing');
      const id = await starts(s, idTag);
      await tells(s, 1, 'Charging');
      await command.ends({ status: 'accepted' });
      await t.session(s, { status: 'active', transactionId: String(id) });
    },
    twins: [
      asksOther('RemoteStartTransaction', ({ chargingProfile: _, ...rest }) => rest, 'the profile is left out'),
      stationOther(
        'station answers',
        'RemoteStartTransaction',
        { status: 'Rejected' },
        { breaks: 'the station refuses', fails: 'the command' },
      ),
    ],
  },
  {
    id: '066',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'compositeSchedule', evse: 1, seconds: 300, unit: 'W' });
      const chargingSchedule = {
        ...{ duration: 300, chargingRateUnit: 'W' },
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 6_000 }],
      };
      await s.hears(
        'GetCompositeSchedule',
        { connectorId: 1, duration: 300, chargingRateUnit: 'W' },
        { status: 'Accepted', connectorId: 1, scheduleStart: time(), chargingSchedule },
      );
      await command.ends({
        status: 'accepted',
        result: { schedule: { unit: 'W', seconds: 300, periods: [{ start: 0, limit: 6_000 }] } },
      });
    },
    twins: [
      asksOther('GetCompositeSchedule', { duration: 301 }, 'for another time'),
      stationOther('station answers', 'GetCompositeSchedule', () => ({ status: 'Rejected' }), {
        breaks: 'the station has none',
        fails: 'the command',
      }),
    ],
  },
  {
    id: '067',
    run: async (t) => {
      const s = await booted(t);
      for (const [id, stackLevel] of [
        [671, 0],
        [672, 1],
      ] as const) {
        const { asked, wire } = profile(id, 'txDefault', undefined, stackLevel);
        const set = await t.asks(s, { type: 'setProfile', evse: 1, profile: asked });
        await s.hears('SetChargingProfile', { connectorId: 1, csChargingProfiles: wire }, { status: 'Accepted' });
        await set.ends({ status: 'accepted' });
      }
      const byId = await t.asks(s, { type: 'clearProfile', id: 671 });
      await s.hears('ClearChargingProfile', { id: 671 }, { status: 'Accepted' });
      await byId.ends({ status: 'accepted' });
      const byPlace = await t.asks(s, { type: 'clearProfile', evse: 1, purpose: 'txDefault', stackLevel: 1 });
      const where = { connectorId: 1, chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 1 };
      await s.hears('ClearChargingProfile', where, { status: 'Accepted' });
      await byPlace.ends({ status: 'accepted' });
      await t.told(s, profiles, [
        { changes: [{ set: { id: 671 } }] },
        { changes: [{ set: { id: 672 } }] },
        { changes: [{ cleared: { id: 671 } }] },
        { changes: [{ cleared: { evse: 1, purpose: 'txDefault', stackLevel: 1 } }] },
      ]);
    },
    twins: [
      asksOther('ClearChargingProfile', { id: 672 }, 'another profile'),
      { ...asksOther('ClearChargingProfile', { stackLevel: 0 }, 'another level'), nth: 2 },
    ],
  },
];
