import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { resultOf } from '@plugga/wire';
import { send } from '../schema.ts';

/** What GetLocalListVersion says: -1 is a station without local lists, 0 an empty one (1.6 section 5.10). */
export const versionOf = (payload: Readonly<Record<string, unknown>>): CommandResult => {
  const version = Number(payload['listVersion']);
  if (!Number.isInteger(version)) return { status: 'failed', detail: 'invalidResponse: listVersion is not a number' };
  return version < 0
    ? { status: 'unsupported', detail: 'the station keeps no local list' }
    : { status: 'accepted', localListVersion: version };
};

/** GetLocalListVersion. */
export const readLocalList: Outbound<CommandTable['readLocalList']> = {
  start: () => send('GetLocalListVersion', {}, undefined),
  next: (_, answer) => ({ done: resultOf(answer, versionOf) }),
};
