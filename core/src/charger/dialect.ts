import type {
  Adapter,
  ByAction,
  Call,
  CommandName,
  CommandResult,
  CommandTable,
  Outbound,
  Quirk,
  StationView,
  Step,
  Timing,
} from '@plugga/kit';

/** A hook and the quirk it is of. */
export interface Hook<T> {
  readonly quirk: string;
  readonly run: T;
}
type Rewrite = ByAction[string];

/** An adapter with the quirks of one make of station: how that station speaks. A value, made anew when a boot tells more. */
export interface Dialect {
  readonly adapter: Adapter;
  /** The ids of the quirks that match, in order. */
  readonly quirks: readonly string[];
  readonly text: Hook<NonNullable<Quirk['text']>> | undefined;
  readonly inbound: ReadonlyMap<string, Hook<Rewrite>>;
  readonly outbound: ReadonlyMap<string, Hook<Rewrite>>;
  readonly plans: ReadonlyMap<CommandName, Hook<Plan>>;
  /** Actions never sent unless asked for with a raw call. */
  readonly denied: ReadonlySet<string>;
  readonly timing: Timing;
  /** Why what it measures is not billed by itself. */
  readonly inexact: string | undefined;
  /** What to set at the station itself, of all quirks that match. */
  readonly advice: readonly string[];
}

export interface Make {
  readonly vendor?: string;
  readonly model?: string;
  readonly firmware?: string;
}

/** A quirk that wants what the station has not said does not match: better no repair than another make's. */
const matches = (quirk: Quirk, protocol: string, { vendor, model, firmware }: Make): boolean => {
  const { match, protocols } = quirk;
  if (protocols && !protocols.includes(protocol)) return false;
  if (vendor === undefined || !match.vendor.test(vendor)) return false;
  if (match.model && (model === undefined || !match.model.test(model))) return false;
  if (!match.firmware) return true;
  if (firmware === undefined) return false;
  try {
    return match.firmware(firmware);
  } catch {
    // A quirk that cannot read a version does not know it.
    return false;
  }
};

const byAction = (quirks: readonly Quirk[], hook: 'inbound' | 'outbound'): ReadonlyMap<string, Hook<Rewrite>> => {
  const found = new Map<string, Hook<Rewrite>>();
  for (const quirk of quirks) {
    for (const [action, run] of Object.entries(quirk[hook] ?? {})) {
      if (!found.has(action)) found.set(action, { quirk: quirk.id, run });
    }
  }
  return found;
};

const plansOf = (quirks: readonly Quirk[]): Dialect['plans'] => {
  const found: Dialect['plans'] & Map<CommandName, Hook<Plan>> = new Map();
  for (const quirk of quirks) {
    for (const [name, plan] of Object.entries(quirk.plan ?? {})) {
      if (!found.has(name as CommandName)) found.set(name as CommandName, { quirk: quirk.id, run: plan as Plan });
    }
  }
  return found;
};

/** The first quirk that matches wins, hook by hook and action by action; the order is that of plugga.config.ts. */
export const dialectOf = (adapter: Adapter, quirks: readonly Quirk[], make: Make): Dialect => {
  const matching = quirks.filter((quirk) => matches(quirk, adapter.protocol, make));
  const texts = matching.find((quirk) => quirk.text !== undefined);
  return {
    adapter,
    quirks: matching.map((quirk) => quirk.id),
    text: texts?.text && { quirk: texts.id, run: texts.text },
    inbound: byAction(matching, 'inbound'),
    outbound: byAction(matching, 'outbound'),
    plans: plansOf(matching),
    denied: new Set(matching.find((quirk) => quirk.deny !== undefined)?.deny),
    timing: matching.find((quirk) => quirk.timing !== undefined)?.timing ?? {},
    inexact: matching.find((quirk) => quirk.inexact !== undefined)?.inexact,
    advice: matching.flatMap((quirk) => quirk.advice ?? []),
  };
};

export const timingOf = (dialect: Dialect): Timing => dialect.timing;

/** Whether the action is known to harm this make of station. */
export const denied = (dialect: Dialect, action: string): boolean => dialect.denied.has(action);

/** Text that was not JSON as this make of station means it; undefined when it has no repair or the repair changes nothing. */
export const repair = (dialect: Dialect, text: string): string | undefined => {
  try {
    const repaired = dialect.text?.run(text);
    return repaired === text ? undefined : repaired;
  } catch {
    return undefined;
  }
};

/** What we are about to send as this make of station takes it. A rewrite that fails leaves it as the adapter wrote it. */
export const outboundCall = (dialect: Dialect, call: Call, station: StationView): Call => {
  const hook = dialect.outbound.get(call.action);
  if (!hook) return call;
  try {
    return { action: call.action, payload: hook.run(call.payload as Readonly<Record<string, unknown>>, station) };
  } catch {
    return call;
  }
};

const broken = (name: string, of: string, error: unknown): { readonly done: CommandResult } => ({
  done: {
    status: 'failed',
    detail: `the plan of "${name}" of ${of} failed: ${String(error)}`.slice(0, 300).toWellFormed(),
  },
});

type Plan = Pick<Outbound<never>, 'next'> & { start(command: never, station: StationView): Step | undefined };

/** Which of two plans is under way, beside what it remembers: plans keep nothing themselves. */
interface UnderWay {
  readonly own: boolean;
  readonly state: unknown;
}

/** How this make of station carries out a command: the quirk's plan, else the adapter's; undefined when there is none. Its steps never throw. */
export const planOf = <K extends CommandName>(dialect: Dialect, name: K): Outbound<CommandTable[K]> | undefined => {
  const hook = dialect.plans.get(name);
  const adapters = dialect.adapter.outbound[name] as Plan | undefined;
  if (hook === undefined && adapters === undefined) return undefined;
  const marked = (own: boolean, step: Step): Step =>
    'done' in step ? step : { call: step.call, state: { own, state: step.state } satisfies UnderWay };
  const of = (own: boolean): string => (own && hook !== undefined ? `quirk ${hook.quirk}` : dialect.adapter.protocol);
  return {
    start: (command, station) => {
      let own = hook !== undefined;
      try {
        const step = hook?.run.start(command as never, station);
        if (step !== undefined) return marked(true, step);
        own = false;
        const adapted = adapters?.start(command as never, station);
        return adapted === undefined
          ? { done: { status: 'unsupported', detail: `${dialect.adapter.protocol} has no command "${name}"` } }
          : marked(false, adapted);
      } catch (error) {
        return broken(name, of(own), error);
      }
    },
    next: (underWay, answer) => {
      const { own, state } = underWay as UnderWay;
      try {
        const step = own ? hook?.run.next(state, answer) : adapters?.next(state, answer);
        return step === undefined ? broken(name, of(own), 'no step') : marked(own, step);
      } catch (error) {
        return broken(name, of(own), error);
      }
    },
  };
};
