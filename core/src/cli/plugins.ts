import type { CliCommand } from '@plugga/kit';
import { apiOf, apiOptions, apiUsage } from './api.ts';
import { exitCodes, type Command, type Invocation } from './command.ts';
import { optionsOf } from './options.ts';
import { tableOf } from './table.ts';

interface Plugin {
  readonly name: string;
  readonly state: string;
  readonly lag: number;
  readonly parked: number;
  readonly reason: string | null;
}

export const pluginList: Command = {
  usage: `plugga plugin list ${apiUsage}`,
  summary: 'Plugins of a running platform: state, lag, what is parked',
  async run(invocation) {
    const { values } = optionsOf(invocation.args, apiOptions);
    const { items } = await apiOf(invocation, values).get<{ items: Plugin[] }>('plugins');
    const columns = ['name', 'state', 'lag', 'parked', 'waitsFor', 'reason'];
    invocation.out(invocation.json ? JSON.stringify(items) : tableOf(items, columns));
    return exitCodes.done;
  },
};

/** The commands that the deployment's plugins bring, by name: `tariff price`. They run here, without a platform. */
export async function pluginCommands(invocation: Invocation): Promise<ReadonlyMap<string, CliCommand>> {
  const { withHost } = await import('./host.ts');
  return withHost(invocation, async (host) => {
    await host.setUp();
    return host.cli();
  });
}
