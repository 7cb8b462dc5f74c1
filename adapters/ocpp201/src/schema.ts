import { type Wire, wireOf } from '@plugga/wire';
import * as schemas from 'typed-ocpp/dist/ocpp20/schemas.js';
import { codeOf, COMMON } from './codes.ts';

/** A message as the specification's schema set names it, such as `TransactionEventRequest`. 2.1 has all of them. */
export type MessageName = keyof typeof schemas;

/** What a message of 2.x is written against: the schemas of 2.0.1 or of 2.1. */
export type Wire2 = Wire<MessageName>;

export const wire201: Wire2 = wireOf<MessageName>({ schemas, codeOf, formation: 'FormatViolation', common: COMMON });
