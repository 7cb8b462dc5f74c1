import type { Schema } from '@plugga/kit';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { fastFormats } from 'ajv-formats/dist/formats.js';
import * as schemas from 'typed-ocpp/dist/ocpp16/schemas.js';
import { clip } from './clip.ts';

/** A message as the specification's schema set names it, such as `StartTransactionRequest`. */
export type MessageName = keyof typeof schemas;

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
}

const published: Readonly<Record<MessageName, JsonSchema>> = schemas;

/** What an exact decimal is made of. Longer or larger than any meter counts is rubbish, and would cost as much to add up. */
export const DECIMAL = '^[+-]?[0-9]{1,30}(?:\\.[0-9]{0,40})?(?:[eE][+-]?[01]?[0-9])?$';

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

// allErrors: one run tells everything there is to tolerate; on a valid payload it costs nothing more.
const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  strict: false,
  // Limits are multiples of 0.1, which binary numbers only come near to.
  multipleOfPrecision: 6,
  formats: { 'date-time': fastFormats['date-time'] ?? true, uri: true },
});
const compiled = new Map<MessageName, ValidateFunction>();

/** Compiled on first use, then kept: most installations never see most of the messages. */
export const validatorOf = (name: MessageName): ValidateFunction => {
  const known = compiled.get(name);
  if (known) return known;
  const made = ajv.compile(corrected(published[name]));
  compiled.set(name, made);
  return made;
};

/** Members that the specification requires at the top of a message. */
export const requiredOf = (name: MessageName): readonly string[] => published[name].required ?? [];

const COMMON: readonly MessageName[] = [
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
];

/** Compiles the ten common messages, so that the first station of the day does not wait for them. */
export const warm = (): void => {
  for (const name of COMMON) validatorOf(name);
};

const CODES: Readonly<Record<string, string>> = {
  type: 'TypeConstraintViolation',
  // The spelling of OCPP-J 1.6 table 7.
  required: 'OccurenceConstraintViolation',
  additionalProperties: 'FormationViolation',
};
/** The 1.6 error code of a violation. */
export const codeOf = (error: ErrorObject): string => CODES[error.keyword] ?? 'PropertyConstraintViolation';

/** Where and what, without the value: it may be an idTag. */
export const describe = (error: ErrorObject): string =>
  clip(`${error.instancePath || '/'} ${error.message ?? error.keyword}`, 200);

/** For what we send: every departure is a fault of ours. */
export const strict =
  <P>(name: MessageName): Schema<P> =>
  (payload) => {
    const validate = validatorOf(name);
    if (validate(payload)) return { ok: true, payload: payload as P, deviations: [] };
    const first = validate.errors?.[0];
    return first
      ? { ok: false, error: codeOf(first), detail: describe(first) }
      : { ok: false, error: 'FormationViolation', detail: 'not valid' };
  };
