import {
  type Dialect,
  dialectOf,
  outboundCall,
  planOf,
  repair,
  translate,
  type Translated,
} from '@plugga/core/dialect';
import type {
  Adapter,
  Answer,
  Call,
  CommandName,
  CommandResult,
  CommandTable,
  Quirk,
  StationId,
  StationView,
} from '@plugga/kit';

/** A station of one make, without socket and database: what it says becomes facts, what it is told becomes CALLs. */
export interface TestDialect {
  readonly dialect: Dialect;
  /** A whole CALL as text, `[2,"id","Action",{}]`; undefined when it is not JSON and no quirk repairs it. */
  hear(text: string): Translated | undefined;
  /** Text that is not JSON as its quirk repairs it; undefined when none does. */
  repair(text: string): string | undefined;
  /** A CALL of ours as it goes out. */
  send(call: Call): Call;
  /** Runs a command against the answers given, in order; a missing answer is a timeout. */
  run<K extends CommandName>(
    name: K,
    command: CommandTable[K],
    answers: readonly Answer[],
  ): { readonly calls: readonly Call[]; readonly done: CommandResult | undefined };
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** For the fixtures of adapters and quirks: the core's own translation, with nothing around it. */
export const testDialect = (o: {
  readonly adapter: Adapter;
  readonly quirks?: readonly Quirk[];
  readonly make?: { readonly vendor?: string; readonly model?: string; readonly firmware?: string };
  readonly variables?: Readonly<Record<string, string>>;
  readonly timeZone?: string;
}): TestDialect => {
  const dialect = dialectOf(o.adapter, o.quirks ?? [], o.make ?? {});
  const view: StationView = {
    id: 'station' as StationId,
    identity: 'TEST-1',
    protocol: o.adapter.protocol,
    ...o.make,
    timeZone: o.timeZone,
    variable: (name) => o.variables?.[name],
    transactionOn: () => undefined,
  };
  return {
    dialect,
    hear: (text) => {
      const frame = parsed(text) ?? parsed(repair(dialect, text) ?? '');
      if (!Array.isArray(frame) || typeof frame[2] !== 'string') return undefined;
      return translate(dialect, view, frame[2], frame[3]);
    },
    repair: (text) => repair(dialect, text),
    send: (call) => outboundCall(dialect, call, view),
    run: (name, command, answers) => {
      const plan = planOf(dialect, name);
      const calls: Call[] = [];
      let step = plan?.start(command, view);
      for (let n = 0; step !== undefined && 'call' in step; n += 1) {
        calls.push(outboundCall(dialect, step.call, view));
        step = plan?.next(step.state, answers[n] ?? { kind: 'timeout' });
        if (n >= answers.length) break;
      }
      return { calls, done: step !== undefined && 'done' in step ? step.done : undefined };
    },
  };
};
