import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { api } from '../api/http.ts';
import type { Problem } from '../api/problem.ts';
import type { Command } from '../api/types.ts';

/** As POST /stations/{identity}/commands takes it. */
export type Asked =
  | { readonly type: 'start'; readonly evse?: number; readonly connector?: number; readonly token: string }
  | { readonly type: 'stop'; readonly session: string }
  | { readonly type: 'unlock'; readonly evse: number; readonly connector?: number }
  | { readonly type: 'reset'; readonly kind: 'soft' | 'hard' }
  | { readonly type: 'availability'; readonly evse?: number; readonly connector?: number; readonly operative: boolean }
  | { readonly type: 'readVariables' };

export type GiveCommand = UseMutationResult<Command, Problem, Asked>;

/** Gives a command to a station; its life cycle is shown by CommandList. */
export function useCommand(identity: string): GiveCommand {
  const client = useQueryClient();
  return useMutation<Command, Problem, Asked>({
    mutationFn: (asked) => api(`/stations/${encodeURIComponent(identity)}/commands`, { method: 'POST', body: asked }),
    onSettled: () => client.invalidateQueries({ queryKey: ['commands', identity] }),
  });
}
