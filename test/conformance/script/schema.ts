import { Ajv, type ValidateFunction } from 'ajv';
import { fastFormats } from 'ajv-formats/dist/formats.js';
import * as schemas16 from 'typed-ocpp/dist/ocpp16/schemas.js';
import * as schemas201 from 'typed-ocpp/dist/ocpp20/schemas.js';
import * as schemas21 from 'typed-ocpp/dist/ocpp21/schemas.js';

export type Version = '1.6' | '2.0.1' | '2.1';

const published: Readonly<Record<Version, Readonly<Record<string, object>>>> = {
  ...{ '1.6': schemas16, '2.0.1': schemas201, '2.1': schemas21 },
};
const ajvs = new Map<Version, Ajv>();
const ajvOf = (version: Version): Ajv => {
  const found = ajvs.get(version);
  if (found !== undefined) return found;
  const ajv = new Ajv({
    strict: false,
    multipleOfPrecision: 6,
    formats: { 'date-time': fastFormats['date-time'] ?? true, uri: true },
  });
  ajvs.set(version, ajv);
  return ajv;
};
const compiled = new Map<string, ValidateFunction>();

/** The actions of a version, by its published schemas. */
export const actionsOf = (version: Version): readonly string[] =>
  Object.keys(published[version])
    .filter((name) => !name.endsWith('Response'))
    .map((name) => name.replace(/Request$/, ''));

/** Why a payload is not what the published schema of the version wants; undefined when it is. */
export function schemaFault(
  version: Version,
  action: string,
  kind: 'Request' | 'Response',
  payload: unknown,
): string | undefined {
  const given = `${action}${kind}`;
  // 2.1: what is only ever a SEND has one schema, by its own name.
  const name = kind === 'Request' && published[version][given] === undefined ? action : given;
  const schema = published[version][name];
  if (schema === undefined) return `OCPP ${version} has no ${given}`;
  const key = `${version} ${name}`;
  const validate = compiled.get(key) ?? ajvOf(version).compile(schema);
  compiled.set(key, validate);
  if (validate(payload)) return undefined;
  const [error] = validate.errors ?? [];
  return `not by the schema: ${error?.instancePath ?? ''} ${error?.message ?? ''}`;
}
