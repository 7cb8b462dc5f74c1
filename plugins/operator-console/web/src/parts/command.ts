import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { api } from '../api/http.ts';
import type { Problem } from '../api/problem.ts';
import type { Command } from '../api/types.ts';

/** A monitor as it is asked for; with `id` in the place of the one that the station calls so. */
export interface AskedMonitor {
  readonly id?: number;
  readonly variable: string;
  readonly kind: 'upper' | 'lower' | 'delta' | 'periodic' | 'clockAligned' | 'targetDelta' | 'targetDeltaRelative';
  readonly value: number;
  readonly severity: number;
  readonly transaction?: boolean;
  /** 2.1, periodic: its values come by the batch. */
  readonly stream?: { readonly seconds?: number; readonly values?: number };
}

/** As POST /stations/{identity}/commands takes it. */
export type Asked =
  | { readonly type: 'start'; readonly evse?: number; readonly connector?: number; readonly token: string }
  | { readonly type: 'stop'; readonly session: string }
  | { readonly type: 'unlock'; readonly evse: number; readonly connector?: number }
  | { readonly type: 'reset'; readonly kind: 'soft' | 'hard' }
  | { readonly type: 'availability'; readonly evse?: number; readonly connector?: number; readonly operative: boolean }
  | { readonly type: 'readVariables' | 'readLocalList' | 'clearCache' | 'readMonitors' }
  | { readonly type: 'readStreams' | 'readDerControls' }
  | { readonly type: 'setMonitoringBase'; readonly base: 'all' | 'factory' | 'hardWired' }
  | { readonly type: 'setMonitoringLevel'; readonly severity: number }
  | { readonly type: 'adjustStream'; readonly id: number; readonly seconds?: number; readonly values?: number }
  | { readonly type: 'requestBatterySwap'; readonly token: string }
  | { readonly type: 'setMonitors'; readonly monitors: readonly AskedMonitor[] }
  | { readonly type: 'clearMonitors'; readonly ids: readonly number[] }
  | { readonly type: 'limit'; readonly evse?: number; readonly watts?: number | null; readonly amperes?: number | null }
  | { readonly type: 'compositeSchedule'; readonly evse: number; readonly seconds: number }
  | { readonly type: 'clearProfile'; readonly evse?: number }
  | { readonly type: 'reserve'; readonly evse: number; readonly token: string; readonly expiresAt: string }
  | { readonly type: 'cancelReservation'; readonly reservation: number }
  | { readonly type: 'writeLocalList'; readonly mode: 'full' | 'differential' }
  | { readonly type: 'updateFirmware'; readonly url: string; readonly retrieveAt?: string };

export type GiveCommand = UseMutationResult<Command, Problem, Asked>;

/** Gives a command to a station; its life cycle is shown by CommandList. */
export function useCommand(identity: string): GiveCommand {
  const client = useQueryClient();
  return useMutation<Command, Problem, Asked>({
    mutationFn: (asked) => api(`/stations/${encodeURIComponent(identity)}/commands`, { method: 'POST', body: asked }),
    onSettled: () => client.invalidateQueries({ queryKey: ['commands', identity] }),
  });
}
