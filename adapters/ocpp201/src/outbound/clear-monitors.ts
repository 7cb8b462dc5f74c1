import type { CommandTable, Outbound } from '@plugga/kit';
import { integerOf, isMembers, wordWith } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { wordOf } from '../variable-name.ts';
import { inBatches } from './in-batches.ts';

interface Sum {
  readonly cleared: readonly number[];
  readonly remarks: readonly string[];
  readonly kept: boolean;
}

/** What the station does not know is gone as well. [2,"id","ClearVariableMonitoring",{"id":[4,5]}] */
export const clearMonitors = (wire: Wire2): Outbound<CommandTable['clearMonitors']> => {
  const batches = inBatches<number, Sum>(wire, {
    action: 'ClearVariableMonitoring',
    payload: (batch) => ({ id: batch }),
    told: (sum, batch, answer) => {
      const results = answer['clearMonitoringResult'];
      const said = new Map(
        (Array.isArray(results) ? results : []).filter(isMembers).map((it) => [integerOf(it['id']), it]),
      );
      return batch.reduce<Sum>((so, id) => {
        const { status, statusInfo } = said.get(id) ?? {};
        const word = wordOf(status) ?? 'not answered';
        if (word === 'Accepted') return { ...so, cleared: [...so.cleared, id] };
        const remarks = [...so.remarks, `${id}: ${wordWith(word, statusInfo)}`];
        return word === 'NotFound' ? { ...so, remarks, cleared: [...so.cleared, id] } : { ...so, remarks, kept: true };
      }, sum);
    },
    refused: (sum, batch, detail) => ({
      ...sum,
      remarks: [...sum.remarks, ...batch.map((id) => `${id}: ${detail}`)],
      kept: true,
    }),
    done: ({ cleared, remarks, kept }) => ({
      status: kept ? 'rejected' : 'accepted',
      ...(remarks.length > 0 && { detail: remarks.join(', ') }),
      clearedMonitors: cleared,
    }),
  });
  return {
    start: ({ ids }, station) => batches.start(ids, { cleared: [], remarks: [], kept: false }, station),
    next: batches.next,
  };
};
