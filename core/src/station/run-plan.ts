import { fail, type CommandName, type CommandResult, type CommandTable, type StationView } from '@plugga/kit';
import type { Conversation } from '../charger/face.ts';
import { denied, outboundCall, planOf, timingOf, type Dialect } from '../charger/dialect.ts';

const MAX_STEPS = 1_000;

/** Carries out a neutral command as the plan of this make of station: CALL by CALL until the plan is done. Never rejects for what a station says. */
export async function runPlan<K extends CommandName>(o: {
  readonly talk: Pick<Conversation, 'adapter' | 'call'>;
  readonly dialect: Dialect;
  view(): StationView;
  /** Why the station is known not to support an action; undefined when it is not. */
  unsupported(action: string): string | undefined;
  /** A quirk has changed what goes out. */
  rewritten(action: string, quirk: string): void;
  readonly name: K;
  readonly command: CommandTable[K];
}): Promise<CommandResult> {
  const { talk, dialect, name } = o;
  const plan = planOf(dialect, name);
  if (plan === undefined) return { status: 'unsupported', detail: `${talk.adapter.protocol} has no command "${name}"` };
  const { callTimeoutSeconds } = timingOf(dialect);
  let step = plan.start(o.command, o.view());
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    if ('done' in step) return step.done;
    if (denied(dialect, step.call.action))
      return { status: 'unsupported', detail: `${step.call.action} is known to harm this model` };
    const unsupported = o.unsupported(step.call.action);
    if (unsupported !== undefined) return { status: 'unsupported', detail: unsupported };
    const sent = outboundCall(dialect, step.call, o.view());
    const quirk = dialect.outbound.get(sent.action)?.quirk;
    if (quirk !== undefined && sent.payload !== step.call.payload) o.rewritten(sent.action, quirk);
    const timeout = callTimeoutSeconds === undefined ? {} : { timeoutSeconds: callTimeoutSeconds };
    step = plan.next(step.state, await talk.call(sent, timeout));
  }
  throw fail('broken-assumption', `the plan of "${name}" does not end`);
}
