import type { Outbound, Schema, StationView, Step } from '@plugga/kit';
import type { ErrorObject } from 'ajv';
import type { Members } from './members.ts';
import { oneCall, sendBy, type Verdict } from './plan.ts';
import { type JsonSchema, type SchemaSet, schemaSet } from './schema-set.ts';
import { type Tolerance, tolerantBy } from './tolerant.ts';

/** How one version of OCPP writes its messages: what is read tolerantly, what is written strictly, how its commands are sent. */
export interface Wire<Name extends string = string> {
  /** For what stations send: whatever can be read is, and what departs from the schema is told. */
  tolerant<P>(name: Name, tolerance: Tolerance): Schema<P>;
  /** For what we send: every departure is a fault of ours. */
  strict<P>(name: Name): Schema<P>;
  /** A CALL that keeps to the schema, or the end of the command: what we send is never a surprise to a station. */
  send(action: string, payload: unknown, state: unknown): Step;
  /** A command that is one CALL. `payload` gives its payload, or as text why the station cannot do it. */
  oneCall<C>(o: {
    readonly action: string;
    payload(command: C, station: StationView): Members | string;
    readonly statuses: Readonly<Record<string, Verdict>>;
  }): Outbound<C>;
  /** Compiles the common messages, so that the first station of the day does not wait for them. */
  warm(): void;
}

export interface WireOptions<Name extends string> {
  readonly schemas: Readonly<Record<Name, JsonSchema>>;
  /** Errata that the published set lacks. */
  readonly corrected?: (schema: JsonSchema) => JsonSchema;
  /** The error code of a violation, in the version's own spelling. */
  codeOf(error: Pick<ErrorObject, 'keyword'>): string;
  /** The code of what is no message at all. */
  readonly formation: string;
  readonly common: readonly Name[];
}

/** One version of OCPP, from its published schemas. */
export const wireOf = <Name extends string>(o: WireOptions<Name>): Wire<Name> => {
  const set: SchemaSet<Name> = schemaSet(o);
  const send = sendBy((name) => set.strict(name as Name));
  return {
    tolerant: tolerantBy(set, o.formation),
    strict: set.strict,
    send,
    oneCall: (command) => oneCall(send, command),
    warm: () => {
      for (const name of o.common) set.validatorOf(name);
    },
  };
};
