import type { Api, SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';

interface PluginView {
  readonly name: string;
  readonly state: string;
  readonly lag: number;
}

/** Every plugin has read the log to its end: what a load has caused has been done. */
export const upToDate = (operator: Api): Promise<void> =>
  eventually('every plugin has read the log to its end', 120_000, async () => {
    const plugins = await operator.all<PluginView>('plugins');
    const behind = plugins.filter((plugin) => plugin.state === 'running' && plugin.lag > 0);
    if (behind.length > 0) throw new Error(behind.map((plugin) => `${plugin.name} is ${plugin.lag} behind`).join(', '));
  });

/** Sessions close 2 s after their end; what follows from that belongs to their cost too. */
export const allClosed = async (operator: Api): Promise<void> => {
  await eventually('every session closed', 120_000, async () => {
    const page = await operator.get<{ items: SessionView[] }>('sessions?status=active&limit=1');
    const ended = await operator.get<{ items: SessionView[] }>('sessions?status=ended&limit=1');
    if (page.items.length + ended.items.length > 0) throw new Error('some are open');
  });
  await upToDate(operator);
};
