import type { DerControl, Inbound } from '@plugga/kit';
import { isMembers, type Members, numberOf } from '@plugga/wire';
import type { Wire21 } from '../schema.ts';

type Payload = Members & { readonly requestId: number; readonly tbc?: boolean };

/** The member in which each kind of control is reported, with the kind that it is; a curve names its own. */
const KINDS: Readonly<Record<string, string>> = {
  curve: '',
  enterService: 'EnterService',
  fixedPFAbsorb: 'FixedPFAbsorb',
  fixedPFInject: 'FixedPFInject',
  fixedVar: 'FixedVar',
  freqDroop: 'FreqDroop',
  gradient: 'Gradients',
  limitMaxDischarge: 'LimitMaxDischarge',
};

const controlsOf = (payload: Payload): readonly DerControl[] =>
  Object.entries(KINDS).flatMap(([member, kind]) => {
    const list = payload[member];
    return (Array.isArray(list) ? list : []).flatMap((raw: unknown): readonly DerControl[] => {
      if (!isMembers(raw) || typeof raw['id'] !== 'string') return [];
      // fixedPFAbsorb and fixedPFInject are both reported with their values as `fixedPF`.
      const values = raw[member] ?? raw['fixedPF'];
      return [
        {
          id: raw['id'],
          control: kind === '' ? String(raw['curveType']) : kind,
          ...(typeof raw['isDefault'] === 'boolean' && { isDefault: raw['isDefault'] }),
          ...(typeof raw['isSuperseded'] === 'boolean' && { superseded: raw['isSuperseded'] }),
          values: isMembers(values) ? values : {},
        },
      ];
    });
  });

/** [2,"id","ReportDERControl",{"requestId":1,"curve":[{"id":"C1","curveType":"VoltWatt","curve":{…},…}],"tbc":true}] */
export const reportDerControl = (wire: Wire21): Inbound<Payload, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('ReportDERControlRequest', { kind: 'plain' }),
  response: wire.strict('ReportDERControlResponse'),
  read: (payload) => ({
    facts: [
      {
        kind: 'derReported',
        request: numberOf(payload.requestId) ?? 0,
        controls: controlsOf(payload),
        more: payload.tbc === true,
      },
    ],
  }),
  reply: () => ({}),
});
