import type { CommandTable, Outbound } from '@plugga/kit';
import { dataTransferBy } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

/** DataTransfer; `data` is any JSON, both ways. */
export const dataTransfer = (wire: Wire2): Outbound<CommandTable['dataTransfer']> =>
  dataTransferBy(wire, (data) => data);
