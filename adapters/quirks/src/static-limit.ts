import type { QuirkPlans } from '@plugga/kit';
import { isMembers } from './members.ts';

const VOLTS = 230;
const PHASES = 3;

const STATUS = { Accepted: 'accepted', RebootRequired: 'rebootRequired', NotSupported: 'unsupported' } as const;

/** A limit of the whole station as a configuration key of its make, in the unit of that key; of one EVSE as the adapter does. */
export const staticLimit = (o: {
  readonly key: string;
  readonly perAmpere: number;
}): NonNullable<QuirkPlans['limit']> => ({
  start: ({ evse, watts, amperes }) => {
    if (evse !== undefined && evse > 0) return undefined;
    const limit = amperes ?? (typeof watts === 'number' ? watts / VOLTS / PHASES : undefined);
    if (limit === undefined)
      return {
        done: { status: 'unsupported', detail: `${o.key} has no value for "no limit": give the installed one` },
      };
    const value = String(Math.floor(limit * o.perAmpere));
    return { call: { action: 'ChangeConfiguration', payload: { key: o.key, value } }, state: undefined };
  },
  next: (_, answer) => {
    if (answer.kind === 'timeout') return { done: { status: 'timeout', detail: 'the station did not answer in time' } };
    if (answer.kind !== 'result')
      return { done: { status: 'failed', detail: answer.kind === 'error' ? answer.code : answer.kind } };
    const raw = isMembers(answer.payload) ? String(answer.payload['status']) : '';
    const status = Object.hasOwn(STATUS, raw) ? STATUS[raw as keyof typeof STATUS] : 'rejected';
    return { done: status === 'accepted' ? { status } : { status, detail: raw } };
  },
});
