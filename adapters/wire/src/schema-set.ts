import type { Schema } from '@plugga/kit';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { fastFormats } from 'ajv-formats/dist/formats.js';
import { clip } from './clip.ts';

export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/** The messages of one version, each compiled on first use. */
export interface SchemaSet<Name extends string> {
  validatorOf(name: Name): ValidateFunction;
  /** Members that the specification requires at the top of a message. */
  requiredOf(name: Name): readonly string[];
  codeOf(error: Pick<ErrorObject, 'keyword'>): string;
  strict<P>(name: Name): Schema<P>;
}

/** Where and what, without the value: it may be an idTag. */
export const describe = (error: ErrorObject): string =>
  clip(`${error.instancePath || '/'} ${error.message ?? error.keyword}`, 200);

export const schemaSet = <Name extends string>(o: {
  readonly schemas: Readonly<Record<Name, JsonSchema>>;
  readonly corrected?: (schema: JsonSchema) => JsonSchema;
  codeOf(error: Pick<ErrorObject, 'keyword'>): string;
  readonly formation: string;
}): SchemaSet<Name> => {
  // allErrors: one run tells everything there is to tolerate; on a valid payload it costs nothing more.
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    // Limits are multiples of 0.1, which binary numbers only come near to.
    multipleOfPrecision: 6,
    formats: { 'date-time': fastFormats['date-time'] ?? true, uri: true },
  });
  const compiled = new Map<Name, ValidateFunction>();

  // Compiled on first use, then kept: most installations never see most of the messages.
  const validatorOf = (name: Name): ValidateFunction => {
    const known = compiled.get(name);
    if (known) return known;
    const published = o.schemas[name];
    const made = ajv.compile(o.corrected?.(published) ?? published);
    compiled.set(name, made);
    return made;
  };

  return {
    validatorOf,
    requiredOf: (name) => o.schemas[name].required ?? [],
    codeOf: o.codeOf,
    strict:
      <P>(name: Name): Schema<P> =>
      (payload) => {
        const validate = validatorOf(name);
        if (validate(payload)) return { ok: true, payload: payload as P, deviations: [] };
        const first = validate.errors?.[0];
        return first
          ? { ok: false, error: o.codeOf(first), detail: describe(first) }
          : { ok: false, error: o.formation, detail: 'not valid' };
      },
  };
};
