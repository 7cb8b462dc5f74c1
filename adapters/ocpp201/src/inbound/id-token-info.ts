import { type Authorization, iso, type StationView } from '@plugga/kit';
import { clip } from '@plugga/wire';
import { type IdToken, idTokenOf, longestToken } from '../token.ts';

const STATUS = {
  accepted: 'Accepted',
  blocked: 'Blocked',
  expired: 'Expired',
  invalid: 'Invalid',
  concurrentTx: 'ConcurrentTx',
  noCredit: 'NoCredit',
  notAtThisLocation: 'NotAtThisLocation',
  notAtThisTime: 'NotAtThisTime',
  notAtThisEvse: 'NotAllowedTypeEVSE',
} as const;

export interface IdTokenInfo {
  readonly status: (typeof STATUS)[keyof typeof STATUS];
  readonly cacheExpiryDateTime?: string;
  readonly groupIdToken?: IdToken;
  readonly personalMessage?: { readonly format: 'UTF8'; readonly content: string };
}

/** IdTokenInfoType. A group that is too long for the version is left out: a cut one would match another. */
export const idTokenInfo = (
  { status, group, expiresAt, message }: Authorization,
  station: Pick<StationView, 'protocol'>,
): IdTokenInfo => ({
  status: STATUS[status],
  ...(expiresAt !== undefined && { cacheExpiryDateTime: iso(expiresAt) }),
  ...(group !== undefined &&
    group.value.length <= longestToken(station) && { groupIdToken: idTokenOf(group, station) }),
  ...(message !== undefined &&
    message !== '' && { personalMessage: { format: 'UTF8', content: clip(message, 512) } as const }),
});
