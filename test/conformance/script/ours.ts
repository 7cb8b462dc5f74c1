import { api } from '../../e2e/api.ts';
import type { Csms } from './csms.ts';
import { inTime } from './failure.ts';
import { pluggaOperator } from './plugga-operator.ts';

const PATIENCE_MS = 10_000;

/** Server-sent events carry one line of JSON each. */
async function firstEvents(response: Response, count: number): Promise<readonly unknown[]> {
  const events: unknown[] = [];
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) events.push(JSON.parse(line.slice(5)));
    if (events.length >= count) break;
  }
  return events;
}

/** Our own platform, by its operator API. */
export const ours = (o: {
  readonly url: string;
  readonly key: string;
  readonly tls?: Csms['tls'];
  readonly leap?: NonNullable<Csms['leap']>;
}): Csms => {
  const operator = api(o.url, o.key);
  return {
    url: `${o.url.replace(/^http/, 'ws')}/ocpp`,
    tls: o.tls,
    patienceMs: PATIENCE_MS,
    ...(o.leap === undefined ? {} : { leap: o.leap }),
    operator: pluggaOperator(operator),
    seen: {
      get: operator.get,
      events: async ({ station, types, count }) => {
        const response = await operator.raw('GET', `events?types=${types}&station=${station}&after=0`);
        return inTime(`${count} events ${types}`, PATIENCE_MS, firstEvents(response, count));
      },
    },
  };
};
