import type { CommandTable, Outbound } from '@plugga/kit';
import { getLog as getLogBy } from '@plugga/wire';
import { send } from '../schema.ts';

/** GetLog, of the security extension. */
export const getLog: Outbound<CommandTable['getLog']> = getLogBy({ send });
