import { apiOf, apiOptions, apiUsage } from './api.ts';
import { exitCodes, type Command } from './command.ts';
import { optionsOf } from './options.ts';
import { tableOf } from './table.ts';

interface Station {
  readonly identity: string;
  readonly online: boolean;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly protocol: string | null;
  readonly lastSeenAt: string | null;
}

export const stationList: Command = {
  usage: `plugga station list ${apiUsage}`,
  summary: 'Stations of a running platform',
  async run(invocation) {
    const { values } = optionsOf(invocation.args, apiOptions);
    const stations = await apiOf(invocation, values).list<Station>('stations');
    const columns = ['identity', 'online', 'vendor', 'model', 'protocol', 'lastSeenAt'];
    invocation.out(invocation.json ? JSON.stringify(stations) : tableOf(stations, columns));
    return exitCodes.done;
  },
};

export const stationAdd: Command = {
  usage: `plugga station add <identity> [--location <id>] [--insecure] ${apiUsage}`,
  summary: 'A new station; its key is printed once. --insecure: it comes without one (security profile 0)',
  async run(invocation) {
    const options = { ...apiOptions, location: { type: 'string' }, insecure: { type: 'boolean' } } as const;
    const { values, words } = optionsOf(invocation.args, options, ['identity']);
    const { url, key, location, insecure = false } = values;
    const made = await apiOf(invocation, { url, key }).post<Station & { key: string | null }>('stations', {
      identity: words[0],
      ...(location === undefined ? {} : { location }),
      ...(insecure ? { securityProfile: 0, allowInsecure: true } : {}),
    });
    if (invocation.json) invocation.out(JSON.stringify(made));
    else invocation.out(made.key ?? 'without a key');
    return exitCodes.done;
  },
};
