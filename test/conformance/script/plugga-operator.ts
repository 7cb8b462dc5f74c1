import type { Api } from '../../e2e/api.ts';
import type { Operator } from './csms.ts';
import { Failure } from './failure.ts';

/** What the API refuses fails the case, as a step of the operator that cannot be done there. */
const done = async <T>(what: string, step: Promise<T>): Promise<T> => {
  try {
    return await step;
  } catch (error) {
    throw new Failure(`the operator's ${what}`, error instanceof Error ? error.message : String(error));
  }
};

/** The steps of a case at a Plugga, by its operator API. */
export const pluggaOperator = (api: Api): Operator => ({
  station: async (identity, { key, securityProfile = 1, unasked = false }) => {
    const may = key === undefined ? { securityProfile: 0, allowInsecure: true } : { securityProfile, key };
    // As for a certification: it hears nothing that its script does not ask for.
    await done('station', api.post('stations', { identity, quiet: !unasked, ...may }));
  },
  registers: async (identity, registration) =>
    void (await done('register', api.patch(`stations/${identity}`, { registration }))),
  token: async (token) => (await done('token', api.post<{ id: string }>('tokens', { type: 'ISO14443', ...token }))).id,
  tariff: async ({ id, currency, perKwh, vatPercent, group }) => {
    const price = { type: 'ENERGY', price: perKwh, vat: vatPercent, step_size: 1 };
    const elements = [{ price_components: [price] }];
    const assign = group === undefined ? [] : [{ to: 'group', id: group }];
    await done('tariff', api.post('tariffs', { id, currency, elements, assign }));
  },
  contractRoot: async (certificate) =>
    void (await done('contractRoot', api.post('contract-roots', { use: 'mo', certificate }))),
  contractService: async (url) => {
    const answer = await api.raw('PUT', 'plugins/plug-and-charge/settings', { service: { url } });
    if (!answer.ok) throw new Failure("the operator's contractService", await answer.text());
  },
  replan: async (identity, wishes) => {
    const { items } = await done(
      'replan',
      api.get<{ items: readonly { session: string }[] }>(
        `charging-plans?station=${encodeURIComponent(identity)}&limit=1`,
      ),
    );
    const answer = await api.raw('PUT', `charging-plans/${items[0]?.session}`, wishes);
    if (!answer.ok) throw new Failure("the operator's replan", await answer.text());
  },
  command: async (identity, command) =>
    (await done('command', api.post<{ id: string }>(`stations/${identity}/commands`, command))).id,
});
