import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { isMembers, resultOf } from '@plugga/wire';
import { wire21 } from '../schema.ts';

/** AdjustPeriodicEventStream: another rate for a stream that the station has opened. */
export const adjustStream = wire21.oneCall<CommandTable['adjustStream']>({
  action: 'AdjustPeriodicEventStream',
  payload: ({ id, seconds, values }) => ({
    id,
    params: { ...(seconds !== undefined && { interval: seconds }), ...(values !== undefined && { values }) },
  }),
  statuses: { Accepted: 'accepted', Rejected: 'rejected' },
});

/** What GetPeriodicEventStream lists: what it is of, and how often it is told. */
const streamOf = (raw: unknown): readonly unknown[] => {
  if (!isMembers(raw)) return [];
  const params = isMembers(raw['params']) ? raw['params'] : {};
  return [
    { id: raw['id'], monitor: raw['variableMonitoringId'], seconds: params['interval'], values: params['values'] },
  ];
};

/** GetPeriodicEventStream: the streams that the station has open. */
export const readStreams: Outbound<CommandTable['readStreams']> = {
  start: () => wire21.send('GetPeriodicEventStream', {}, undefined),
  next: (_, answer) => ({
    done: resultOf(answer, ({ constantStreamData: streams }): CommandResult => ({
      status: 'accepted',
      data: Array.isArray(streams) ? streams.flatMap(streamOf) : [],
    })),
  }),
};
