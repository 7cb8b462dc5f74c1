import type { CommandResult, CommandTable, Monitor, NewMonitor, Outbound } from '@plugga/kit';
import { isMembers, type Members, numberOf, refuse, wordWith } from '@plugga/wire';
import { KIND } from '../monitor-kind.ts';
import type { Wire2 } from '../schema.ts';
import { attributeOf, type ComponentVariable, nameOf, sameName, saidOf, wordOf } from '../variable-name.ts';
import { inBatches } from './in-batches.ts';

interface Setting {
  readonly asked: NewMonitor;
  readonly of: ComponentVariable;
}
interface Sum {
  readonly monitors: readonly Monitor[];
  readonly refused: readonly { readonly detail: string; readonly lacks: boolean }[];
}

const dataOf = ({ asked, of: { component, variable } }: Setting): Members => {
  const { id, transaction, value, severity, kind, stream } = asked;
  return {
    ...(id !== undefined && { id }),
    ...(transaction !== undefined && { transaction }),
    ...(stream !== undefined && {
      periodicEventStream: {
        ...(stream.seconds !== undefined && { interval: stream.seconds }),
        ...(stream.values !== undefined && { values: stream.values }),
      },
    }),
    ...{ value, type: KIND[kind], severity, component, variable },
  };
};

/** Whether a result is of that monitor: each is of one of them only. */
const isOf = (said: Members, { asked, of }: Setting): boolean => {
  const named = saidOf(said);
  return (
    named !== undefined &&
    sameName(nameOf(named), nameOf(of)) &&
    said['type'] === KIND[asked.kind] &&
    (said['severity'] === undefined || said['severity'] === asked.severity)
  );
};

const LACKS: readonly string[] = ['UnknownComponent', 'UnknownVariable', 'UnsupportedMonitorType'];

function told(sum: Sum, batch: readonly Setting[], answer: Members): Sum {
  const results = answer['setMonitoringResult'];
  const left = (Array.isArray(results) ? results : []).filter(isMembers);
  return batch.reduce<Sum>((so, setting) => {
    const { asked, of } = setting;
    const at = left.findIndex((it) => isOf(it, setting));
    const said = at < 0 ? undefined : left.splice(at, 1)[0];
    const status = wordOf(said?.['status']) ?? 'not answered';
    const id = numberOf(said?.['id']) ?? asked.id;
    if (status === 'Accepted' && id !== undefined) {
      const { kind, value, severity, transaction = false } = asked;
      return { ...so, monitors: [...so.monitors, { id, variable: nameOf(of), kind, value, severity, transaction }] };
    }
    const why = status === 'Accepted' ? 'Accepted, without a number' : wordWith(status, said?.['statusInfo']);
    const refused = { detail: `${asked.variable} ${asked.kind}: ${why}`, lacks: LACKS.includes(status) };
    return { ...so, refused: [...so.refused, refused] };
  }, sum);
}

const done = ({ monitors, refused }: Sum): CommandResult =>
  refused.length === 0
    ? { status: 'accepted', monitors }
    : {
        status: refused.every(({ lacks }) => lacks) ? 'unsupported' : 'rejected',
        detail: refused.map(({ detail }) => detail).join(', '),
        monitors,
      };

const ONLY_21: readonly string[] = ['targetDelta', 'targetDeltaRelative'];

/** Why it cannot be asked for. */
const faultOf = ({ variable, kind, stream }: NewMonitor, protocol: string): string | undefined => {
  const attribute = attributeOf(variable);
  if (attribute === undefined) return `"${variable}" is no name of a variable`;
  if (attribute.attributeType !== undefined) return `"${variable}": a monitor watches the actual value`;
  if (protocol !== 'ocpp2.0.1') return undefined;
  if (ONLY_21.includes(kind)) return `OCPP 2.0.1 has no monitor of kind ${kind}`;
  return stream === undefined ? undefined : 'OCPP 2.0.1 has no streams of values';
};

/** [2,"id","SetVariableMonitoring",{"setMonitoringData":[{"type":"UpperThreshold","value":80,"severity":3,"component":{"name":"EVSE"},"variable":{"name":"Temperature"}}]}] */
export const setMonitors = (wire: Wire2): Outbound<CommandTable['setMonitors']> => {
  const batches = inBatches<Setting, Sum>(wire, {
    action: 'SetVariableMonitoring',
    payload: (batch) => ({ setMonitoringData: batch.map(dataOf) }),
    told,
    refused: (sum, batch, detail) => ({
      ...sum,
      refused: [
        ...sum.refused,
        ...batch.map(({ asked }) => ({ detail: `${asked.variable} ${asked.kind}: ${detail}`, lacks: false })),
      ],
    }),
    done,
  });
  return {
    start: ({ monitors }, station) => {
      for (const it of monitors) {
        const fault = faultOf(it, station.protocol);
        if (fault !== undefined) return refuse(fault);
      }
      const settings = monitors.map((asked): Setting => ({ asked, of: attributeOf(asked.variable)! }));
      return batches.start(settings, { monitors: [], refused: [] }, station);
    },
    next: batches.next,
  };
};
