import type { Deviation, Schema } from '@plugga/kit';
import type { ErrorObject } from 'ajv';
import { clip } from './clip.ts';
import { describe, type SchemaSet } from './schema-set.ts';

export interface Tolerance {
  /**
   * `transaction`: whatever is an object is accepted, because a station that is refused throws the energy away
   * (1.6 section 3.7.1). `plain`: wrong types and missing members are refused.
   */
  readonly kind: 'transaction' | 'plain';
  /** Required members that a plain message may lack. */
  readonly harmless?: readonly string[];
  /** Members whose type does not matter: they are passed on, not read. */
  readonly opaque?: readonly string[];
}

/** A message's deviations are shown and counted, not archived: the frame itself is. */
const MOST_DEVIATIONS = 20;

const DEVIATIONS: Readonly<Record<string, string>> = {
  maxLength: 'too-long',
  enum: 'unknown-value',
  format: 'bad-format',
  pattern: 'unreadable-value',
  additionalProperties: 'extra-member',
  required: 'missing',
  type: 'wrong-type',
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// /meterValue/0/sampledValue/3/unit is one deviation with all its neighbours: the numbers become stars.
const pathOf = (error: ErrorObject): string => {
  const params = error.params as { readonly additionalProperty?: string; readonly missingProperty?: string };
  const member = params.additionalProperty ?? params.missingProperty;
  return (member === undefined ? error.instancePath : `${error.instancePath}/${member}`).replace(
    /\/\d+(?=\/|$)/g,
    '/*',
  );
};

const TOKEN = /\/(?:idTag|idToken|idToken\/idToken)$/;

/** What came instead. Tokens and members that we do not know may be personal and are not repeated. */
const detailOf = (error: ErrorObject, path: string): string | undefined => {
  if (error.keyword === 'required' || error.keyword === 'additionalProperties' || TOKEN.test(path)) return undefined;
  if (error.keyword === 'maxLength') return `${String(error.data).length} characters`;
  return clip(typeof error.data === 'string' ? error.data : (JSON.stringify(error.data) ?? ''), 100);
};

const withoutNulls = (payload: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== null));

/** A member's name in a JSON pointer, as errors give them. */
const inPointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** A copy without what stands at those places. */
function without(value: unknown, places: ReadonlySet<string>, at = ''): unknown {
  if (Array.isArray(value))
    return value.flatMap((it: unknown, n) => (places.has(`${at}/${n}`) ? [] : [without(it, places, `${at}/${n}`)]));
  if (!isObject(value)) return value;
  const kept: [string, unknown][] = [];
  for (const [name, it] of Object.entries(value)) {
    const own = `${at}/${inPointer(name)}`;
    if (!places.has(own)) kept.push([name, without(it, places, own)]);
  }
  return Object.fromEntries(kept);
}

/** For what stations send: validated strictly first, which nearly all messages pass; only what fails is looked at again. */
export const tolerantBy =
  <Name extends string>({ validatorOf, requiredOf, codeOf }: SchemaSet<Name>, formation: string) =>
  <P>(name: Name, tolerance: Tolerance): Schema<P> => {
    const required = requiredOf(name);
    const optional = (member: string) => !required.includes(member) || tolerance.harmless?.includes(member) === true;
    const isOpaque = (path: string) => tolerance.opaque?.includes(path.slice(1)) === true;

    /** Whether the message can be read in spite of it. */
    const tolerable = (error: ErrorObject, path: string): boolean => {
      if (tolerance.kind === 'transaction') return true;
      if (error.keyword === 'required') return optional(path.slice(1));
      if (error.keyword !== 'type') return true;
      return (error.data === null && optional(path.slice(1))) || isOpaque(path);
    };
    /** As if it were not there: whoever reads a plain message finds in it what the schema says, or nothing. */
    const isNull = (error: ErrorObject, path: string): boolean =>
      tolerance.kind === 'plain' && error.keyword === 'type' && error.data === null && !isOpaque(path);

    return (payload) => {
      const validate = validatorOf(name);
      if (validate(payload)) return { ok: true, payload: payload as P, deviations: [] };
      const errors = validate.errors ?? [];
      if (!isObject(payload)) {
        // Some stations write null or [] where the specification wants {}.
        return required.length === 0
          ? { ok: true, payload: {} as P, deviations: [{ code: 'wrong-type', detail: 'the payload is not an object' }] }
          : { ok: false, error: formation, detail: 'the payload is not an object' };
      }
      const deviations = new Map<string, Deviation>();
      const nulls = new Set<string>();
      for (const error of errors) {
        if (error.keyword === 'if') continue;
        const path = pathOf(error);
        if (!tolerable(error, path)) return { ok: false, error: codeOf(error), detail: describe(error) };
        if (isNull(error, path)) nulls.add(error.instancePath);
        const code =
          error.data === null && error.keyword === 'type'
            ? 'null-member'
            : (DEVIATIONS[error.keyword] ?? error.keyword);
        const key = `${code} ${path}`;
        if (deviations.has(key) || deviations.size === MOST_DEVIATIONS) continue;
        const detail = detailOf(error, path);
        deviations.set(key, { code, path, ...(detail !== undefined && { detail }) });
      }
      const said = nulls.size === 0 ? payload : (without(payload, nulls) as typeof payload);
      return { ok: true, payload: withoutNulls(said) as P, deviations: [...deviations.values()] };
    };
  };
