import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { integerOf, resultOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

/** What GetLocalListVersion says: 0 is an empty list, or none at all. */
export const versionOf = (payload: Readonly<Record<string, unknown>>): CommandResult => {
  const version = integerOf(payload['versionNumber']);
  if (version === undefined) return { status: 'failed', detail: 'invalidResponse: versionNumber is not a number' };
  return version < 0
    ? { status: 'unsupported', detail: 'the station keeps no local list' }
    : { status: 'accepted', localListVersion: version };
};

/** GetLocalListVersion. */
export const readLocalList = (wire: Wire2): Outbound<CommandTable['readLocalList']> => ({
  start: () => wire.send('GetLocalListVersion', {}, undefined),
  next: (_, answer) => ({ done: resultOf(answer, versionOf) }),
});
