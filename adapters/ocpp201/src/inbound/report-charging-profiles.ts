import type { Inbound } from '@plugga/kit';
import { numberOf, wordOf } from '@plugga/wire';
import { profileOf } from '../charging-words.ts';
import type { Wire2 } from '../schema.ts';
import { stationOr } from './where.ts';

interface Payload {
  readonly requestId?: unknown;
  readonly evseId?: unknown;
  readonly chargingLimitSource?: unknown;
  readonly chargingProfile?: unknown;
  readonly tbc?: unknown;
}

/** [2,"id","ReportChargingProfiles",{"requestId":1,"chargingLimitSource":"CSO","evseId":1,"chargingProfile":[{…}],"tbc":true}] */
export const reportChargingProfiles = (wire: Wire2): Inbound<Payload, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('ReportChargingProfilesRequest', { kind: 'plain' }),
  response: wire.strict('ReportChargingProfilesResponse'),
  read: ({ requestId, evseId, chargingLimitSource, chargingProfile, tbc }) => ({
    facts: [
      {
        kind: 'profilesReported',
        request: numberOf(requestId) ?? 0,
        evse: stationOr(evseId),
        source: wordOf(chargingLimitSource) ?? 'Other',
        profiles: (Array.isArray(chargingProfile) ? chargingProfile : []).flatMap((it) => profileOf(it) ?? []),
        more: tbc === true,
      },
    ],
  }),
  reply: () => ({}),
});
