import type { CommandTable, Outbound } from '@plugga/kit';
import { refuse, resultOf } from '@plugga/wire';
import { tooMuch } from '../batches.ts';
import type { Wire2 } from '../schema.ts';
import { componentOf } from '../variable-name.ts';
import { reportBegun } from './report-begun.ts';

const CRITERIA = { active: 'Active', available: 'Available', enabled: 'Enabled', problem: 'Problem' } as const;

/** [2,"id","GetReport",{"requestId":7,"componentVariable":[{"component":{"name":"EVSE"}}],"componentCriteria":["Problem"]}] */
export const variableReport = (wire: Wire2): Outbound<CommandTable['variableReport']> => ({
  start: ({ names = [], criteria = [], request }, station) => {
    const asked = names.map((name) => [name, componentOf(name)] as const);
    const wrong = asked.find(([, it]) => it === undefined);
    if (wrong !== undefined) return refuse(`"${wrong[0]}" names no component and no variable`);
    const payload = {
      requestId: request,
      ...(asked.length > 0 && { componentVariable: asked.map(([, it]) => it) }),
      ...(criteria.length > 0 && { componentCriteria: criteria.map((it) => CRITERIA[it]) }),
    };
    // One request is one report: what is too much for one message cannot be asked in several.
    const fault = tooMuch(station, 'GetReport', { items: asked.length, payload });
    return fault === undefined ? wire.send('GetReport', payload, undefined) : refuse(fault);
  },
  next: (_, answer) => ({ done: resultOf(answer, reportBegun) }),
});
