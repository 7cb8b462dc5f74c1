import { type Authorization, iso } from '@plugga/kit';

const STATUS = {
  accepted: 'Accepted',
  blocked: 'Blocked',
  expired: 'Expired',
  invalid: 'Invalid',
  concurrentTx: 'ConcurrentTx',
  // It has no words for these.
  noCredit: 'Blocked',
  notAtThisLocation: 'Blocked',
  notAtThisTime: 'Blocked',
  notAtThisEvse: 'Blocked',
} as const;

export interface IdTagInfo {
  readonly status: (typeof STATUS)[keyof typeof STATUS];
  readonly parentIdTag?: string;
  readonly expiryDate?: string;
}

/** 1.6 IdTagInfo (section 7.27). A group too long for a parentIdTag, 20 characters, is left out: a cut one would match another. */
export const idTagInfo = (authorization: Authorization): IdTagInfo => {
  const parent = authorization.group?.value;
  return {
    status: STATUS[authorization.status],
    ...(parent !== undefined && parent.length <= 20 && { parentIdTag: parent }),
    ...(authorization.expiresAt !== undefined && { expiryDate: iso(authorization.expiresAt) }),
  };
};
