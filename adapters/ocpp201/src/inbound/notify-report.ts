import type { Inbound, VariableCharacteristics, VariableValue } from '@plugga/kit';
import { clip, isMembers, meaningOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { type AttributeType, nameOf, saidOf, wordOf } from '../variable-name.ts';
import { reportPart } from './report-part.ts';

interface Payload {
  readonly requestId: number;
  readonly seqNo?: number;
  readonly tbc?: boolean;
  readonly reportData?: readonly unknown[];
}

const MUTABILITY = { ReadOnly: 'readOnly', WriteOnly: 'writeOnly', ReadWrite: 'readWrite' } as const;
const TYPES: readonly string[] = ['Actual', 'Target', 'MinSet', 'MaxSet'];

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

function characteristicsOf(raw: unknown): VariableCharacteristics | undefined {
  if (!isMembers(raw)) return undefined;
  const dataType = wordOf(raw['dataType']);
  if (dataType === undefined) return undefined;
  const values = wordOf(raw['valuesList']);
  const unit = wordOf(raw['unit']);
  const [min, max] = [numberOf(raw['minLimit']), numberOf(raw['maxLimit'])];
  const list = values?.split(',').flatMap((it) => it.trim() || []);
  return {
    dataType: clip(dataType, 20),
    ...(unit === undefined ? {} : { unit: clip(unit, 16) }),
    ...(list === undefined || list.length === 0 ? {} : { values: list.slice(0, 500) }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    monitored: raw['supportsMonitoring'] === true,
  };
}

/** Each attribute of a variable is one of ours; those without a type are `Actual`. */
const valuesOf = (raw: unknown): readonly VariableValue[] => {
  const said = saidOf(raw);
  if (said === undefined || !isMembers(raw)) return [];
  const { variableAttribute } = raw;
  const characteristics = characteristicsOf(raw['variableCharacteristics']);
  const attributes = Array.isArray(variableAttribute) ? variableAttribute.filter(isMembers) : [];
  return attributes.map((it) => {
    const type = wordOf(it['type']) ?? 'Actual';
    const mutability = meaningOf(MUTABILITY, it['mutability']) ?? 'readWrite';
    const { value } = it;
    return {
      name: nameOf({ ...said, ...(TYPES.includes(type) && { attributeType: type as AttributeType }) }),
      ...(value === undefined || value === null || mutability === 'writeOnly'
        ? {}
        : { value: clip(String(value), 2_500) }),
      ...{ readonly: mutability === 'readOnly', mutability },
      ...(characteristics === undefined ? {} : { characteristics }),
    };
  });
};

/** [2,"id","NotifyReport",{"requestId":7,"generatedAt":"…","seqNo":0,"tbc":true,"reportData":[{"component":{"name":"EVSE"},"variable":{"name":"Power"},"variableAttribute":[{"value":"0"}]}]}] */
export const notifyReport = (wire: Wire2): Inbound<Payload, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('NotifyReportRequest', {
    kind: 'plain',
    harmless: ['generatedAt', 'seqNo'],
    opaque: [
      ...['seqNo', 'tbc', 'generatedAt', 'reportData', 'reportData/*/variableAttribute/*/value'],
      ...['valuesList', 'minLimit', 'maxLimit', 'unit'].map((it) => `reportData/*/variableCharacteristics/${it}`),
    ],
  }),
  response: wire.strict('NotifyReportResponse'),
  read: ({ reportData, ...payload }) => ({
    facts: [
      {
        kind: 'reported',
        report: reportPart(payload),
        variables: Array.isArray(reportData) ? reportData.flatMap(valuesOf) : [],
      },
    ],
  }),
  reply: () => ({}),
});
