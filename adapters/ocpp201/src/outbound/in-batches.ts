import type { Answer, CommandResult, StationView, Step } from '@plugga/kit';
import { isAnswered, type Members, resultOf } from '@plugga/wire';
import { batchOf, type BatchedMessage, lessOf, type Most, mostOf } from '../batches.ts';
import type { Wire2 } from '../schema.ts';

interface State<Item, Sum> {
  readonly batch: readonly Item[];
  readonly left: readonly Item[];
  readonly most: Most;
  readonly sum: Sum;
}

/**
 * A plan that asks for many things in messages of at most what the station takes. What it refuses as a whole is asked for in
 * halves; what it refuses alone does not keep the others from being asked for.
 */
export const inBatches = <Item, Sum>(
  wire: Wire2,
  o: {
    readonly action: BatchedMessage;
    payload(batch: readonly Item[]): Members;
    /** With what the station has said to a batch. */
    told(sum: Sum, batch: readonly Item[], answer: Members): Sum;
    /** With what it has refused by an error. */
    refused(sum: Sum, batch: readonly Item[], detail: string, verdict: 'rejected' | 'unsupported'): Sum;
    /** What is said of a batch that was not answered, where it is more than that. */
    unanswered?(sum: Sum, batch: readonly Item[], detail: string): string;
    done(sum: Sum): CommandResult;
  },
) => {
  const ask = (state: State<Item, Sum>): Step => {
    if (state.left.length === 0) return { done: o.done(state.sum) };
    const [batch, left] = batchOf(state.left, state.most, o.payload);
    return wire.send(o.action, o.payload(batch), { ...state, batch, left } satisfies State<Item, Sum>);
  };
  return {
    start: (items: readonly Item[], sum: Sum, station: StationView): Step =>
      ask({ batch: [], left: items, most: mostOf(station, o.action), sum }),
    next: (raw: unknown, answer: Answer): Step => {
      const state = raw as State<Item, Sum>;
      const { batch, left, most } = state;
      const less = lessOf(answer, batch.length, most);
      if (less !== undefined) return ask({ ...state, most: less, left: [...batch, ...left] });
      let { sum } = state;
      const result = resultOf(answer, (payload) => {
        sum = o.told(sum, batch, payload);
        return { status: 'accepted' };
      });
      if (!isAnswered(result)) {
        const detail = o.unanswered?.(sum, batch, result.detail) ?? result.detail;
        return { done: { ...o.done(sum), status: result.status, detail } };
      }
      if (result.status === 'accepted') return ask({ ...state, sum });
      const verdict = result.status === 'unsupported' ? 'unsupported' : 'rejected';
      const refused = o.refused(sum, batch, result.detail ?? result.status, verdict);
      // A station that does not know the message knows it no better for the rest.
      return verdict === 'unsupported'
        ? { done: { ...o.done(refused), status: 'unsupported' } }
        : ask({ ...state, sum: refused });
    },
  };
};
