import type { CommandResult, CommandTable, Outbound, StationView, Step, VariableValue } from '@plugga/kit';
import { isAnswered, resultOf } from '@plugga/wire';
import { COST_VARIABLES, isItsCurrency, showsCost } from '../cost.ts';
import type { Wire2 } from '../schema.ts';
import { sameName } from '../variable-name.ts';
import { readVariables } from './read-variables.ts';

type Command = CommandTable['tellCost'];
type Variables = readonly VariableValue[];
/** Either it is asked first whether it shows the cost, or it has been told. */
type State = { readonly asking: unknown; readonly command: Command } | { readonly told: Variables };

/** What it has said of itself meanwhile goes with the end, so that it is not asked again. */
const ending = (status: 'accepted' | 'unsupported', variables: Variables, detail?: string): CommandResult => ({
  status,
  ...(detail === undefined ? {} : { detail }),
  ...(variables.length === 0 ? {} : { variables }),
});

/**
 * CostUpdated, to a station that says it shows the cost and in that currency; one that has not said is asked first.
 * [2,"id","CostUpdated",{"totalCost":12.5,"transactionId":"T1"}]
 */
export const tellCost = (wire: Wire2): Outbound<Command> => {
  const reading = readVariables(wire);
  const tell = ({ transaction, total }: Command, station: Pick<StationView, 'variable'>, said: Variables): Step => {
    const unwanted = (why: string): Step => ({ done: ending('unsupported', said, why) });
    if (showsCost(station) !== true) return unwanted('it does not show what a transaction costs');
    if (!isItsCurrency(station, total)) return unwanted(`it shows another currency than ${total.currency}`);
    const payload = { totalCost: Number(total.value), transactionId: transaction };
    return wire.send('CostUpdated', payload, { told: said } satisfies State);
  };
  const asked = (step: Step, command: Command): Step => {
    if (!('done' in step)) return { call: step.call, state: { asking: step.state, command } satisfies State };
    if (!isAnswered(step.done)) return step;
    const { variables = [] } = step.done;
    return tell(command, { variable: (name) => variables.find((it) => sameName(it.name, name))?.value }, variables);
  };
  return {
    start: (command, station) =>
      showsCost(station) === undefined
        ? asked(reading.start({ names: COST_VARIABLES }, station), command)
        : tell(command, station, []),
    next: (raw, answer) => {
      const state = raw as State;
      return 'told' in state
        ? { done: resultOf(answer, () => ending('accepted', state.told)) }
        : asked(reading.next(state.asking, answer), state.command);
    },
  };
};
