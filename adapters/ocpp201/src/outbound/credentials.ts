import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { isMembers, meaningOf, resultOf, wordWith } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { wordOf } from '../variable-name.ts';

const STATUS: Readonly<Record<string, 'accepted' | 'rebootRequired' | 'unsupported'>> = {
  Accepted: 'accepted',
  RebootRequired: 'rebootRequired',
  UnknownComponent: 'unsupported',
  UnknownVariable: 'unsupported',
  NotSupportedAttributeType: 'unsupported',
};

/** The key as text: the station comes again with it (2.0.1 A01). [2,"id","SetVariables",{"setVariableData":[…BasicAuthPassword…]}] */
export const rotateKey = (wire: Wire2): Outbound<CommandTable['rotateKey']> => ({
  start: ({ key }) => {
    const variable = { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' } };
    return wire.send('SetVariables', { setVariableData: [{ ...variable, attributeValue: key }] }, undefined);
  },
  next: (_, answer) => ({
    done: resultOf(answer, (payload): CommandResult => {
      const results = payload['setVariableResult'];
      const said: unknown = Array.isArray(results) ? results[0] : undefined;
      const word = isMembers(said) ? wordOf(said['attributeStatus']) : undefined;
      if (word === undefined) return { status: 'failed', detail: 'invalidResponse: it says nothing of the key' };
      const status = meaningOf(STATUS, word) ?? 'rejected';
      return status === 'accepted' || !isMembers(said)
        ? { status }
        : { status, detail: wordWith(word, said['attributeStatusInfo']) };
    }),
  }),
});
