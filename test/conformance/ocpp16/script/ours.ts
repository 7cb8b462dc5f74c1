import { api } from '../../../e2e/api.ts';
import type { Csms } from './csms.ts';

/** Our own platform, by its operator API. */
export const ours = (o: { readonly url: string; readonly key: string }): Csms => {
  const operator = api(o.url, o.key);
  return {
    url: `${o.url.replace(/^http/, 'ws')}/ocpp`,
    patienceMs: 10_000,
    operator: {
      station: async (identity, key) => {
        const may = key === undefined ? { securityProfile: 0, allowInsecure: true } : { securityProfile: 1, key };
        await operator.post('stations', { identity, ...may });
      },
      token: async (token) => {
        await operator.post('tokens', { type: 'ISO14443', ...token });
      },
      command: async (identity, command) =>
        (await operator.post<{ id: string }>(`stations/${identity}/commands`, command)).id,
    },
    seen: operator,
  };
};
