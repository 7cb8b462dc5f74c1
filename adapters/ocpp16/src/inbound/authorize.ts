import type { Inbound } from '@plugga/kit';
import { strict, tolerant } from '../schema.ts';
import { type IdTagInfo, idTagInfo } from './id-tag-info.ts';

interface Request {
  readonly idTag: string;
}
interface Response {
  readonly idTagInfo: IdTagInfo;
}

/** [2,"id","Authorize",{"idTag":"04A2B3C4"}] */
export const authorize: Inbound<Request, Response> = {
  request: tolerant('AuthorizeRequest', { kind: 'plain' }),
  response: strict('AuthorizeResponse'),
  read: ({ idTag }) => ({
    facts: [{ kind: 'attempted', token: { value: idTag } }],
    ask: { question: 'authorize', token: { value: idTag }, purpose: 'authorize' },
  }),
  // No decision is no permission: nothing has been charged yet.
  reply: ({ authorization }) => ({ idTagInfo: idTagInfo(authorization ?? { status: 'invalid' }) }),
};
