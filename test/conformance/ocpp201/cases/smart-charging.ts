import { asksOther, contrary, stationOther, type Case, type Twin } from '../../script/case.ts';
import { at, positive } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { ACCEPTED, booted, charging, idTokenOf, transaction, wh } from './plays.ts';

const PURPOSE = { txDefault: 'TxDefaultProfile', tx: 'TxProfile', stationMax: 'ChargingStationMaxProfile' } as const;
const START = '2030-01-01T06:00:00.000Z';
const told = 'station.profilesChanged';

/** One profile in the operator's words, and as it goes over the wire. */
const profile = (
  o: {
    readonly id?: number;
    readonly purpose?: keyof typeof PURPOSE;
    readonly stackLevel?: number;
    readonly limit?: number;
    readonly transactionId?: string;
    readonly daily?: true;
  } = {},
) => {
  const { id = 71, purpose = 'txDefault', stackLevel = 0, limit = 6_000, transactionId, daily } = o;
  return {
    asked: {
      ...{ id, purpose, stackLevel, kind: daily ? 'recurring' : 'absolute', ...(daily && { recurrency: 'daily' }) },
      schedule: { unit: 'W', start: START, seconds: 3_600, periods: [{ start: 0, limit, phases: 3 }] },
    },
    wire: {
      ...{ id, stackLevel, chargingProfilePurpose: PURPOSE[purpose] },
      ...{ chargingProfileKind: daily ? 'Recurring' : 'Absolute', ...(daily && { recurrencyKind: 'Daily' }) },
      ...(transactionId !== undefined && { transactionId }),
      chargingSchedule: [
        {
          ...{ id: 1, startSchedule: at(START), duration: 3_600, chargingRateUnit: 'W' },
          chargingSchedulePeriod: [{ startPeriod: 0, limit, numberPhases: 3 }],
        },
      ],
    },
  };
};
type Made = ReturnType<typeof profile>;

async function sets(t: Stage, s: Station, evse: number, { asked, wire }: Made): Promise<void> {
  const command = await t.asks(s, { type: 'setProfile', evse, profile: asked });
  await s.hears('SetChargingProfile', { evseId: evse, chargingProfile: wire }, { status: 'Accepted' });
  await command.ends({ status: 'accepted' });
}

const otherLimit: Twin = asksOther(
  'SetChargingProfile',
  (payload) => {
    const it = payload['chargingProfile'] as { readonly chargingSchedule: readonly [object] };
    const chargingSchedulePeriod = [{ startPeriod: 0, limit: 1, numberPhases: 3 }];
    const chargingSchedule = [{ ...it.chargingSchedule[0], chargingSchedulePeriod }];
    return { ...payload, chargingProfile: { ...it, chargingSchedule } };
  },
  'another limit',
);
const refused = contrary('SetChargingProfile', 'Rejected');

const set = (id: string, evse: number, made: Made): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    await sets(t, s, evse, made);
    const { id: number, purpose, stackLevel } = made.asked;
    await t.told(s, told, [{ changes: [{ set: { id: number, evse, purpose, stackLevel } }] }]);
  },
  twins: [otherLimit, asksOther('SetChargingProfile', { evseId: evse + 1 }, 'of another EVSE'), refused],
});

/** The operator asks which there are, and the station reports one at EVSE 1. */
const gets = (id: string, filter: Payload, goes: Payload, source = 'CSO'): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'readProfiles', ...filter });
    const { requestId } = await s.hears(
      'GetChargingProfiles',
      { requestId: positive, ...goes },
      { status: 'Accepted' },
    );
    await command.taken();
    const { wire } = profile();
    const schedule = { ...wire.chargingSchedule[0], startSchedule: START };
    await s.says('ReportChargingProfiles', {
      ...{ requestId, evseId: 1, chargingLimitSource: source },
      chargingProfile: [{ ...wire, chargingSchedule: [schedule] }],
    });
    await command.ends({ status: 'accepted', effect: '1 profiles of ours' });
    await t.sees('its profiles', `stations/${s.identity}/charging`, { profiles: [{ id: 71, evse: 1 }] });
  },
  twins: [
    asksOther('GetChargingProfiles', { chargingProfile: { chargingProfileId: [99] } }, 'another is asked for'),
    stationOther(
      'station says',
      'ReportChargingProfiles',
      { evseId: 2 },
      { breaks: 'at another EVSE', fails: 'its profiles' },
    ),
  ],
});

/** One that is there, and is cleared; or none that fits. */
const clears = (id: string, filter: Payload, goes: Payload, status: 'Accepted' | 'Unknown' = 'Accepted'): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    if (status === 'Accepted') await sets(t, s, 1, profile());
    const command = await t.asks(s, { type: 'clearProfile', ...filter });
    await s.hears('ClearChargingProfile', goes, { status });
    const none = { detail: 'the station had none that fits' };
    await command.ends({ status: 'accepted', ...(status === 'Unknown' && none) });
    await t.sees('its profiles', `stations/${s.identity}/charging`, { profiles: [] });
  },
  twins: [
    asksOther('ClearChargingProfile', { chargingProfileId: 99 }, 'another is cleared'),
    ...(status === 'Accepted' ? [otherLimit] : [contrary('ClearChargingProfile', 'Accepted')]),
  ],
});

const composite = (id: string, evse: number): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'compositeSchedule', evse, seconds: 300, unit: 'W' });
    const schedule = {
      ...{ evseId: evse, duration: 300, scheduleStart: START, chargingRateUnit: 'W' },
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 6_000 }],
    };
    const asked = { evseId: evse, duration: 300, chargingRateUnit: 'W' };
    await s.hears('GetCompositeSchedule', asked, { status: 'Accepted', schedule });
    const wanted = { evse, unit: 'W', seconds: 300, periods: [{ start: 0, limit: 6_000 }] };
    await command.ends({ status: 'accepted', result: { schedule: wanted } });
  },
  twins: [
    asksOther('GetCompositeSchedule', { duration: 301 }, 'for another time'),
    asksOther('GetCompositeSchedule', { evseId: 9 }, 'of another EVSE'),
    contrary('GetCompositeSchedule', 'Rejected'),
  ],
});

/** A limit that is not ours, until it is let go. */
const external = (id: string, begins: (t: Stage) => Promise<Station>, o: { readonly released: boolean }): Case => ({
  id,
  run: async (t) => {
    const s = await begins(t);
    const limit = { chargingLimitSource: 'SO', isGridCritical: true };
    await s.says('NotifyChargingLimit', { evseId: 1, chargingLimit: limit });
    await t.sees('its limits', `stations/${s.identity}/charging`, {
      limits: [{ evse: 1, source: 'SO', gridCritical: true }],
    });
    if (!o.released) return;
    await s.says('ClearedChargingLimit', { evseId: 1, chargingLimitSource: 'SO' });
    await t.sees('its limits', `stations/${s.identity}/charging`, { limits: [] });
  },
  twins: [
    stationOther(
      'station says',
      o.released ? 'ClearedChargingLimit' : 'NotifyChargingLimit',
      o.released ? { chargingLimitSource: 'EMS' } : { chargingLimit: { chargingLimitSource: 'EMS' } },
      { breaks: 'it is of somebody else', fails: 'its limits' },
    ),
  ],
});

const inTransaction = async (t: Stage): Promise<Station> => (await charging(t)).s;

export const smartCharging: readonly Case[] = [
  set('K_01', 1, profile()),
  {
    id: 'K_02',
    run: async (t) => {
      const s = await booted(t);
      const { asked, wire } = profile({ purpose: 'tx', transactionId: 'T-over' });
      const command = await t.asks(s, { type: 'setProfile', evse: 1, profile: { ...asked, transaction: 'T-over' } });
      await s.hears('SetChargingProfile', { evseId: 1, chargingProfile: wire }, { status: 'Rejected' });
      await command.ends({ status: 'rejected', detail: 'Rejected' });
      await t.sees('its profiles', `stations/${s.identity}/charging`, { profiles: [] });
    },
    twins: [otherLimit, contrary('SetChargingProfile', 'Accepted')],
  },
  set('K_03', 0, profile({ purpose: 'stationMax' })),
  {
    id: 'K_04',
    run: async (t) => {
      const s = await booted(t);
      await sets(t, s, 1, profile());
      await sets(t, s, 1, profile({ limit: 4_000 }));
      await t.sees('its profiles', `stations/${s.identity}/charging`, { profiles: [{ id: 71, evse: 1 }] });
    },
    twins: [{ ...otherLimit, nth: 2 }, contrary('SetChargingProfile', 'Rejected', 2)],
  },
  clears('K_05', { id: 71 }, { chargingProfileId: 71 }),
  clears(
    'K_06',
    { evse: 1, purpose: 'txDefault', stackLevel: 0 },
    { chargingProfileCriteria: { evseId: 1, chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 0 } },
  ),
  clears('K_08', { id: 72 }, { chargingProfileId: 72 }, 'Unknown'),
  set('K_10', 0, profile()),
  {
    id: 'K_15',
    run: async (t) => {
      const s = await booted(t);
      const { asked, wire } = profile();
      const command = await t.asks(s, { type: 'setProfile', evse: 1, profile: asked });
      await s.refuses('SetChargingProfile', { evseId: 1, chargingProfile: wire }, 'NotSupported');
      await command.ends({ status: 'rejected' });
      await t.sees('its profiles', `stations/${s.identity}/charging`, { profiles: [] });
    },
    twins: [
      otherLimit,
      stationOther('station answers', 'SetChargingProfile', () => ({ status: 'Accepted' }), {
        breaks: 'the station takes it',
        fails: 'the command',
      }),
    ],
  },
  set('K_19', 1, profile({ daily: true })),
  gets('K_29', { evse: 0 }, { evseId: 0, chargingProfile: {} }),
  gets('K_30', { evse: 1 }, { evseId: 1, chargingProfile: {} }),
  gets('K_31', {}, { chargingProfile: {} }),
  gets('K_32', { id: 71 }, { chargingProfile: { chargingProfileId: [71] } }),
  gets('K_33', { evse: 1, stackLevel: 0 }, { evseId: 1, chargingProfile: { stackLevel: 0 } }),
  gets('K_34', { evse: 1, sources: ['CSO'] }, { evseId: 1, chargingProfile: { chargingLimitSource: ['CSO'] } }),
  gets(
    'K_35',
    { evse: 1, purpose: 'txDefault' },
    { evseId: 1, chargingProfile: { chargingProfilePurpose: 'TxDefaultProfile' } },
  ),
  gets(
    'K_36',
    { evse: 1, purpose: 'txDefault', stackLevel: 0 },
    { evseId: 1, chargingProfile: { chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 0 } },
  ),
  {
    id: 'K_37',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      const { asked, wire } = profile({ purpose: 'tx' });
      const command = await t.asks(s, { type: 'start', evse: 1, token, profile: asked });
      const start = { evseId: 1, idToken: idTokenOf(token), remoteStartId: positive, chargingProfile: wire };
      const { remoteStartId } = await s.hears('RequestStartTransaction', start, { status: 'Accepted' });
      const tx = transaction(s);
      await tx.says('Started', 'RemoteStart', {
        info: { remoteStartId },
        ...{ idToken: idTokenOf(token), meterValue: wh(1_000, 'Transaction.Begin'), wanted: ACCEPTED },
      });
      await command.ends({ status: 'accepted' });
      await t.session(s, { status: 'active', transactionId: tx.id });
    },
    twins: [
      asksOther('RequestStartTransaction', ({ chargingProfile: _, ...rest }) => rest, 'the profile is left out'),
      contrary('RequestStartTransaction', 'Rejected'),
    ],
  },
  composite('K_43', 1),
  composite('K_44', 0),
  external('K_48', booted, { released: false }),
  external('K_50', booted, { released: true }),
  external('K_51', inTransaction, { released: true }),
  {
    id: 'K_52',
    run: async (t) => {
      const s = await booted(t);
      await sets(t, s, 1, profile());
      const { wire } = profile({ id: 900 });
      const schedule = { ...wire.chargingSchedule[0], startSchedule: START };
      const limit = { chargingLimitSource: 'EMS', isGridCritical: false };
      await s.says('NotifyChargingLimit', { evseId: 1, chargingLimit: limit, chargingSchedule: [schedule] });
      await t.sees('its limits', `stations/${s.identity}/charging`, {
        limits: [{ evse: 1, source: 'EMS', schedules: [{ periods: [{ start: 0, limit: 6_000 }] }] }],
      });
      const command = await t.asks(s, { type: 'readProfiles', purpose: 'external', sources: ['EMS'] });
      const chargingProfilePurpose = 'ChargingStationExternalConstraints';
      const { requestId } = await s.hears(
        'GetChargingProfiles',
        { requestId: positive, chargingProfile: { chargingProfilePurpose, chargingLimitSource: ['EMS'] } },
        { status: 'Accepted' },
      );
      await command.taken();
      await s.says('ReportChargingProfiles', {
        ...{ requestId, evseId: 1, chargingLimitSource: 'EMS' },
        chargingProfile: [{ ...wire, chargingProfilePurpose, chargingSchedule: [schedule] }],
      });
      await command.ends({ status: 'accepted', effect: 'reported in 1 parts' });
      await t.told(s, 'station.profilesReported', [
        { evse: 1, source: 'EMS', profiles: [{ id: 900, purpose: 'external' }] },
      ]);
      // What others hold it to says nothing of ours.
      await t.sees('its profiles', `stations/${s.identity}/charging`, { profiles: [{ id: 71, evse: 1 }] });
    },
    twins: [
      asksOther('GetChargingProfiles', { chargingProfile: {} }, 'of all that set limits'),
      stationOther(
        'station says',
        'NotifyChargingLimit',
        { chargingLimit: { chargingLimitSource: 'SO' } },
        { breaks: 'it is of somebody else', fails: 'its limits' },
      ),
      stationOther(
        'station says',
        'ReportChargingProfiles',
        { chargingLimitSource: 'SO' },
        { breaks: 'it is reported of somebody else', fails: 'station.profilesReported' },
      ),
    ],
  },
  {
    id: 'K_60',
    run: async (t) => {
      const { s, tx } = await charging(t);
      await sets(t, s, 1, profile({ purpose: 'tx', transactionId: tx.id }));
    },
    twins: [
      otherLimit,
      asksOther(
        'SetChargingProfile',
        (payload) => ({
          ...payload,
          chargingProfile: { ...(payload['chargingProfile'] as Payload), transactionId: 'another' },
        }),
        'of another transaction',
      ),
      refused,
    ],
  },
  {
    id: 'K_70',
    run: async (t) => {
      const s = await booted(t);
      await sets(t, s, 0, profile({ purpose: 'stationMax' }));
      await sets(t, s, 1, profile({ id: 72 }));
      await sets(t, s, 1, profile({ id: 73, stackLevel: 1, limit: 4_000 }));
      await t.sees('its profiles', `stations/${s.identity}/charging`, {
        profiles: [{ id: 71 }, { id: 72 }, { id: 73 }],
      });
    },
    twins: [{ ...otherLimit, nth: 3 }, contrary('SetChargingProfile', 'Rejected', 2)],
  },
];
