import type { CommandTable } from '@plugga/kit';
import { oneCall } from '../schema.ts';

const statuses = {
  Accepted: 'accepted',
  RebootRequired: 'rebootRequired',
  Rejected: 'rejected',
  NotSupported: 'unsupported',
} as const;

/** The key as the hex text of its bytes (security whitepaper, A01.FR.03: AuthorizationKey); the station comes again with it. */
export const rotateKey = oneCall<CommandTable['rotateKey']>({
  action: 'ChangeConfiguration',
  payload: ({ key }) => ({ key: 'AuthorizationKey', value: key }),
  statuses,
});

/** The station comes again by that security profile (security whitepaper, A05). */
export const raiseProfile = oneCall<CommandTable['raiseProfile']>({
  action: 'ChangeConfiguration',
  payload: ({ securityProfile }) => ({ key: 'SecurityProfile', value: String(securityProfile) }),
  statuses,
});
