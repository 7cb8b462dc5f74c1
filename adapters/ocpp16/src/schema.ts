import { DECIMAL, type JsonSchema, wireOf } from '@plugga/wire';
import * as schemas from 'typed-ocpp/dist/ocpp16/schemas.js';

/** A message as the specification's schema set names it, such as `StartTransactionRequest`. */
type MessageName = keyof typeof schemas;

// Errata: the unit of Frequency is Hertz, and "Celcius" is spelt Celsius. The schema set was never published again.
const UNITS = ['Hertz', 'Celsius'];
// The set says only that a value is text; a value that is not signed must also be a number (1.6 section 7.43).
const READABLE_VALUE = {
  if: { required: ['format'], properties: { format: { const: 'SignedData' } } },
  else: { properties: { value: { pattern: DECIMAL } } },
};

const corrected = (schema: JsonSchema): JsonSchema => {
  if (schema.enum?.includes('Celcius')) return { ...schema, enum: [...new Set([...schema.enum, ...UNITS])] };
  const properties =
    schema.properties &&
    Object.fromEntries(Object.entries(schema.properties).map(([name, member]) => [name, corrected(member)]));
  return {
    ...schema,
    ...(properties && { properties }),
    ...(properties?.['measurand'] && READABLE_VALUE),
    ...(schema.items && { items: corrected(schema.items) }),
  };
};

const CODES: Readonly<Record<string, string>> = {
  type: 'TypeConstraintViolation',
  // The spelling of OCPP-J 1.6 table 7.
  required: 'OccurenceConstraintViolation',
  additionalProperties: 'FormationViolation',
};

export const { tolerant, strict, send, oneCall, warm } = wireOf<MessageName>({
  schemas,
  corrected,
  codeOf: ({ keyword }) => CODES[keyword] ?? 'PropertyConstraintViolation',
  formation: 'FormationViolation',
  common: [
    'AuthorizeRequest',
    'BootNotificationRequest',
    'HeartbeatRequest',
    'MeterValuesRequest',
    'StartTransactionRequest',
    'StatusNotificationRequest',
    'StopTransactionRequest',
    'AuthorizeResponse',
    'StartTransactionResponse',
    'StopTransactionResponse',
  ],
});
