import { api } from '../../e2e/api.ts';
import type { Csms } from './csms.ts';
import { Failure, inTime } from './failure.ts';

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

/** What the API refuses fails the case, as a step of the operator that cannot be done there. */
const done = async <T>(what: string, step: Promise<T>): Promise<T> => {
  try {
    return await step;
  } catch (error) {
    throw new Failure(`the operator's ${what}`, error instanceof Error ? error.message : String(error));
  }
};

/** Our own platform, by its operator API. */
export const ours = (o: { readonly url: string; readonly key: string; readonly tls?: Csms['tls'] }): Csms => {
  const operator = api(o.url, o.key);
  return {
    url: `${o.url.replace(/^http/, 'ws')}/ocpp`,
    tls: o.tls,
    patienceMs: PATIENCE_MS,
    operator: {
      station: async (identity, key, securityProfile = 1) => {
        const may = key === undefined ? { securityProfile: 0, allowInsecure: true } : { securityProfile, key };
        // As for a certification: it hears nothing that its script does not ask for.
        await done('station', operator.post('stations', { identity, quiet: true, ...may }));
      },
      registers: async (identity, registration) =>
        void (await done('register', operator.patch(`stations/${identity}`, { registration }))),
      token: async (token) =>
        (await done('token', operator.post<{ id: string }>('tokens', { type: 'ISO14443', ...token }))).id,
      tariff: async ({ id, currency, perKwh, vatPercent, group }) => {
        const price = { type: 'ENERGY', price: perKwh, vat: vatPercent, step_size: 1 };
        const elements = [{ price_components: [price] }];
        const assign = group === undefined ? [] : [{ to: 'group', id: group }];
        await done('tariff', operator.post('tariffs', { id, currency, elements, assign }));
      },
      contractRoot: async (certificate) =>
        void (await done('contractRoot', operator.post('contract-roots', { use: 'mo', certificate }))),
      contractService: async (url) => {
        const answer = await operator.raw('PUT', 'plugins/plug-and-charge/settings', { service: { url } });
        if (!answer.ok) throw new Failure("the operator's contractService", await answer.text());
      },
      replan: async (identity, wishes) => {
        const { items } = await operator.get<{ items: readonly { session: string }[] }>(
          `charging-plans?station=${encodeURIComponent(identity)}&limit=1`,
        );
        const answer = await operator.raw('PUT', `charging-plans/${items[0]?.session}`, wishes);
        if (!answer.ok) throw new Failure("the operator's replan", await answer.text());
      },
      command: async (identity, command) =>
        (await done('command', operator.post<{ id: string }>(`stations/${identity}/commands`, command))).id,
    },
    seen: {
      get: operator.get,
      events: async ({ station, types, count }) => {
        const response = await operator.raw('GET', `events?types=${types}&station=${station}&after=0`);
        return inTime(`${count} events ${types}`, PATIENCE_MS, firstEvents(response, count));
      },
    },
  };
};
