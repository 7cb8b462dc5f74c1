import type { CommandTable, Outbound } from '@plugga/kit';
import { getLog } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

/** The diagnostics of 1.6, by the one message that 2.x has for logs. */
export const getDiagnostics = (wire: Wire2): Outbound<CommandTable['getDiagnostics']> => {
  const { start, next } = getLog(wire);
  return { start: (command, station) => start({ ...command, log: 'diagnostics' }, station), next };
};
