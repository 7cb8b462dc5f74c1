import { apiOf, apiOptions, apiUsage } from './api.ts';
import { exitCodes, type Command } from './command.ts';
import { optionsOf } from './options.ts';
import { tableOf } from './table.ts';

interface Token {
  readonly id: string;
  readonly type: string;
  readonly last4: string;
  readonly group: string | null;
  readonly status: string;
  readonly expiresAt: string | null;
}
const columns = ['id', 'type', 'last4', 'group', 'status', 'expiresAt'];

export const tokenList: Command = {
  usage: `plugga token list ${apiUsage}`,
  summary: 'Tokens of a running platform, without their values',
  async run(invocation) {
    const { values } = optionsOf(invocation.args, apiOptions);
    const tokens = await apiOf(invocation, values).list<Token>('tokens');
    invocation.out(invocation.json ? JSON.stringify(tokens) : tableOf(tokens, columns));
    return exitCodes.done;
  },
};

export const tokenAdd: Command = {
  usage: `plugga token add <value> [--type <type>] [--group <group>] [--expires <instant>] ${apiUsage}`,
  summary: 'A new token that may charge',
  async run(invocation) {
    const text = { type: 'string' } as const;
    const options = { ...apiOptions, type: text, group: text, expires: text };
    const { values, words } = optionsOf(invocation.args, options, ['value']);
    const { url, key, type, group, expires } = values;
    const made = await apiOf(invocation, { url, key }).post<Token>('tokens', {
      value: words[0],
      ...(type === undefined ? {} : { type }),
      ...(group === undefined ? {} : { group }),
      ...(expires === undefined ? {} : { expiresAt: expires }),
    });
    invocation.out(invocation.json ? JSON.stringify(made) : made.id);
    return exitCodes.done;
  },
};
