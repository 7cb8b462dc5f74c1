import { codeOf, COMMON } from '@plugga/ocpp201';
import { type Wire, wireOf } from '@plugga/wire';
import * as schemas from 'typed-ocpp/dist/ocpp21/schemas.js';

type MessageName = keyof typeof schemas;

export const wire21 = wireOf<MessageName>({ schemas, codeOf, formation: 'FormatViolation', common: COMMON });

/** What a message that only 2.1 has is written against. */
export type Wire21 = Wire<MessageName>;
