import { Ajv, type ValidateFunction } from 'ajv';
import { fastFormats } from 'ajv-formats/dist/formats.js';
import * as schemas from 'typed-ocpp/dist/ocpp16/schemas.js';

const published: Readonly<Record<string, object>> = schemas;
const ajv = new Ajv({
  strict: false,
  multipleOfPrecision: 6,
  formats: { 'date-time': fastFormats['date-time'] ?? true, uri: true },
});
const compiled = new Map<string, ValidateFunction>();

/** Why a payload is not what the published schema of 1.6 wants; undefined when it is. */
export function schemaFault(action: string, kind: 'Request' | 'Response', payload: unknown): string | undefined {
  const name = `${action}${kind}`;
  const schema = published[name];
  if (schema === undefined) return `OCPP 1.6 has no ${name}`;
  const validate = compiled.get(name) ?? ajv.compile(schema);
  compiled.set(name, validate);
  if (validate(payload)) return undefined;
  const [error] = validate.errors ?? [];
  return `not by the schema: ${error?.instancePath ?? ''} ${error?.message ?? ''}`;
}
