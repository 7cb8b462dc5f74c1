import type { CommandTable, Outbound } from '@plugga/kit';
import { resultOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { reportBegun } from './report-begun.ts';

const BASE = { configuration: 'ConfigurationInventory', full: 'FullInventory', summary: 'SummaryInventory' } as const;

/** [2,"id","GetBaseReport",{"requestId":7,"reportBase":"FullInventory"}] */
export const baseReport = (wire: Wire2): Outbound<CommandTable['baseReport']> => ({
  start: ({ base, request }) => wire.send('GetBaseReport', { requestId: request, reportBase: BASE[base] }, undefined),
  next: (_, answer) => ({ done: resultOf(answer, reportBegun) }),
});
