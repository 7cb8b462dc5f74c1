import type { CommandTable, LocalListEntry, Outbound, StationView } from '@plugga/kit';
import { integerOf, readLocalListBy, writeLocalListBy } from '@plugga/wire';
import { DEFAULT } from '../batches.ts';
import type { Wire2 } from '../schema.ts';
import { idTokenOf, longestToken } from '../token.ts';

const VERSION = 'versionNumber';
const STATUS = { accepted: 'Accepted', blocked: 'Blocked', expired: 'Expired', invalid: 'Invalid' } as const;

/** AuthorizationData: without idTokenInfo the token is taken off the list in a differential list. */
const entryOf = ({ token, status, expiresAt, group }: LocalListEntry, protocol: string) => ({
  idToken: idTokenOf(token, { protocol }),
  ...(status !== undefined && {
    idTokenInfo: {
      status: STATUS[status],
      ...(expiresAt !== undefined && { cacheExpiryDateTime: expiresAt }),
      ...(group !== undefined &&
        group.value.length <= longestToken({ protocol }) && { groupIdToken: idTokenOf(group, { protocol }) }),
    },
  }),
});

const limitOf = (station: StationView, name: string): number | undefined => {
  const value = integerOf(station.variable(`LocalAuthListCtrlr/${name}`));
  return value !== undefined && value > 0 ? value : undefined;
};

/** GetLocalListVersion. */
export const readLocalList = (wire: Wire2): Outbound<CommandTable['readLocalList']> =>
  readLocalListBy(wire, { version: VERSION });

/** SendLocalList, in as many messages as LocalAuthListCtrlr says. */
export const writeLocalList = (wire: Wire2): Outbound<CommandTable['writeLocalList']> =>
  writeLocalListBy(wire, {
    version: VERSION,
    fault: ({ token }, protocol) => {
      const longest = longestToken({ protocol });
      return token.value.length > longest ? `an idToken has at most ${longest} characters in ${protocol}` : undefined;
    },
    entryOf,
    payload: ({ version, updateType, entries }) => ({
      ...{ versionNumber: version, updateType },
      ...(entries.length > 0 && { localAuthorizationList: entries }),
    }),
    limitsOf: (station) => {
      const items = limitOf(station, 'ItemsPerMessage');
      // A station that has said neither is not sent a list of any length in one frame.
      const bytes = limitOf(station, 'BytesPerMessage') ?? (items === undefined ? DEFAULT.bytes : undefined);
      return { items, bytes };
    },
  });
