import { ocpp2 } from './ocpp2.ts';
import { wire201 } from './schema.ts';

export { isTrue } from './cost.ts';
export { setpointsOf } from './charging-words.ts';
export { codeOf, COMMON } from './codes.ts';
export { hashOf } from './inbound/get-certificate-status.ts';
export { authorize } from './inbound/authorize.ts';
export { ocpp2 } from './ocpp2.ts';
export { wantedFirst } from './outbound/wanted-first.ts';
export { idTokenOf, longestToken, tokenOf } from './token.ts';

/** OCPP 2.0.1. */
export const ocpp201 = ocpp2(wire201);
