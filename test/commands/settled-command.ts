import { expect } from 'vitest';
import type { Api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';

/** The command once it has an answer, or has ended without one. */
export const settledCommand = <C extends { readonly status: string }>(
  operator: Api,
  identity: string,
  id: string,
): Promise<C> =>
  eventually(`an answer to the command ${id}`, 20_000, async () => {
    const now = await operator.get<C>(`stations/${identity}/commands/${id}`);
    expect(['queued', 'sent']).not.toContain(now.status);
    return now;
  });
