import { Ajv, type ValidateFunction } from 'ajv';
import { fastFormats } from 'ajv-formats/dist/formats.js';
import * as schemas20 from 'typed-ocpp/dist/ocpp20/schemas.js';
import * as schemas21 from 'typed-ocpp/dist/ocpp21/schemas.js';

export type Version = 'ocpp2.0.1' | 'ocpp2.1';

const schemas: Readonly<Record<Version, Readonly<Record<string, object>>>> = {
  'ocpp2.0.1': { ...schemas20 },
  'ocpp2.1': { ...schemas21 },
};
const ajv = new Ajv({
  strict: false,
  formats: { 'date-time': fastFormats['date-time'] ?? true, uri: true },
});
/** Compiled when a message comes: few tests see more than a dozen. */
const compiled = new Map<string, ValidateFunction>();

/** What the schema of the version says against a payload; `name` as `HeartbeatRequest`. */
export const against = (version: Version, name: string, payload: unknown): string[] => {
  const key = `${version} ${name}`;
  const schema = schemas[version][name];
  if (schema === undefined) return [`${version} has no ${name}`];
  // Both versions give their schemas the same ids.
  const { $id: _, ...bare } = schema as { $id?: string };
  const validate = compiled.get(key) ?? ajv.compile(bare);
  compiled.set(key, validate);
  if (validate(payload)) return [];
  return (validate.errors ?? []).map((error) => `${name}${error.instancePath} ${error.message ?? ''}`);
};
