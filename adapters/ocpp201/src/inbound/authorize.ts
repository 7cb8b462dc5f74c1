import type { Inbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';
import { tokenOf } from '../token.ts';
import { type IdTokenInfo, idTokenInfo } from './id-token-info.ts';

interface Request {
  readonly idToken: unknown;
}
interface Response {
  readonly idTokenInfo: IdTokenInfo;
}

/** [2,"id","Authorize",{"idToken":{"idToken":"04A2B3C4","type":"ISO14443"}}] */
export const authorize = (wire: Wire2): Inbound<Request, Response> => ({
  request: wire.tolerant('AuthorizeRequest', { kind: 'plain' }),
  response: wire.strict('AuthorizeResponse'),
  read: ({ idToken }) => {
    // An empty token is one that nobody knows.
    const token = tokenOf(idToken) ?? { value: '' };
    return { facts: [{ kind: 'attempted', token }], ask: { question: 'authorize', token, purpose: 'authorize' } };
  },
  // No decision is no permission: nothing has been charged yet.
  reply: ({ authorization }, _, station) => ({
    idTokenInfo: idTokenInfo(authorization ?? { status: 'invalid' }, station),
  }),
});
