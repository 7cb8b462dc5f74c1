import type { Answer, CommandResult, Outbound, StationView, Step, VariableValue } from '@plugga/kit';
import { isAnswered } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { sameName } from '../variable-name.ts';
import { readVariables } from './read-variables.ts';

type Variables = readonly VariableValue[];
type State =
  | { readonly asking: unknown; readonly command: unknown }
  | { readonly telling: unknown; readonly said: Variables };

/**
 * What is told of our own accord, to stations that say they want it: what one has not said of that is asked first, and goes
 * with the end of the command, so that it is not asked again.
 */
export const wantedFirst = <C>(
  wire: Wire2,
  o: {
    /** The variables that say it. */
    readonly names: readonly string[];
    /** Why it is not wanted; none: it is. Undefined: the station has not said. */
    unwanted(command: C, station: Pick<StationView, 'variable'>): readonly string[] | undefined;
    /** How it is told. */
    start(command: C): Step;
    next(state: unknown, answer: Answer): Step;
  },
): Outbound<C> => {
  const reading = readVariables(wire);
  const ending = (done: CommandResult, said: Variables): CommandResult =>
    said.length === 0 || !isAnswered(done) ? done : { ...done, variables: said };
  const telling = (step: Step, said: Variables): Step =>
    'done' in step
      ? { done: ending(step.done, said) }
      : { call: step.call, state: { telling: step.state, said } satisfies State };
  const tell = (command: C, station: Pick<StationView, 'variable'>, said: Variables): Step => {
    const [why] = o.unwanted(command, station) ?? ['it has not said that it wants it'];
    return why === undefined
      ? telling(o.start(command), said)
      : { done: ending({ status: 'unsupported', detail: why }, said) };
  };
  const asked = (step: Step, command: C): Step => {
    if (!('done' in step)) return { call: step.call, state: { asking: step.state, command } satisfies State };
    if (!isAnswered(step.done)) return step;
    const { variables = [] } = step.done;
    return tell(command, { variable: (name) => variables.find((it) => sameName(it.name, name))?.value }, variables);
  };
  return {
    start: (command, station) =>
      o.unwanted(command, station) === undefined
        ? asked(reading.start({ names: o.names }, station), command)
        : tell(command, station, []),
    next: (raw, answer) => {
      const state = raw as State;
      return 'telling' in state
        ? telling(o.next(state.telling, answer), state.said)
        : asked(reading.next(state.asking, answer), state.command as C);
    },
  };
};
