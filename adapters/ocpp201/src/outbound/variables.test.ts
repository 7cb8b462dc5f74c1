import type { Answer, Outbound, StationView, Step } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { ocpp201 } from '../index.ts';

const view = (variables: Readonly<Record<string, string>> = {}): StationView => ({
  ...{ id: 'station' as StationView['id'], identity: 'S1', protocol: 'ocpp2.0.1' },
  variable: (name) => variables[name],
  transactionOn: () => undefined,
});
type Data = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
/** Runs the plan against a station that answers so; gives what was sent and how it ended. */
function run<C>(plan: Outbound<C>, command: C, answers: (payload: Data) => unknown, station = view()) {
  const sent: Data[] = [];
  let step: Step = plan.start(command, station);
  while ('call' in step) {
    sent.push(step.call.payload as Data);
    const said = answers(step.call.payload as Data);
    const answer: Answer =
      typeof said === 'string'
        ? { kind: 'error', code: said, description: '', details: {} }
        : { kind: 'result', payload: said };
    step = plan.next(step.state, answer);
  }
  return { sent, done: step.done };
}
const names = (count: number) => Array.from({ length: count }, (_, i) => `OCPPCommCtrlr/V${i}`);
const got = ({ getVariableData }: Data) => ({
  getVariableResult: getVariableData!.map((it) => ({ ...it, attributeStatus: 'Accepted', attributeValue: '1' })),
});
const read = ocpp201.outbound.readVariables!;
const write = ocpp201.outbound.writeVariables!;

describe('reading variables', () => {
  test('keeps to ItemsPerMessage and to BytesPerMessage', () => {
    const items = { 'DeviceDataCtrlr/ItemsPerMessage.GetVariables': '4' };
    const few = run(read, { names: names(10) }, got, view(items));
    expect(few.sent.map((it) => it['getVariableData']!.length)).toEqual([4, 4, 2]);
    expect(few.done).toMatchObject({ status: 'accepted', variables: expect.objectContaining({ length: 10 }) });
    const short = run(read, { names: names(10) }, got, view({ 'DeviceDataCtrlr/BytesPerMessage.GetVariables': '250' }));
    expect(short.sent.length).toBeGreaterThan(2);
    for (const payload of short.sent) expect(JSON.stringify(payload).length).toBeLessThanOrEqual(250);
  });

  test('asks in halves where a station refuses so many at once', () => {
    const { sent, done } = run(read, { names: names(10) }, (payload) =>
      payload['getVariableData']!.length > 3 ? 'OccurrenceConstraintViolation' : got(payload),
    );
    expect(sent.map((it) => it['getVariableData']!.length)).toEqual([10, 5, 2, 2, 2, 2, 2]);
    expect(done).toMatchObject({ status: 'accepted', variables: expect.objectContaining({ length: 10 }) });
  });

  test('tells what the station has, has not and does not tell, in any order and other letters', () => {
    const { done } = run(read, { names: ['HeartbeatInterval', 'A/B', 'C/D#Target', 'E/F@1', 'NoKeyOf2'] }, () => ({
      getVariableResult: [
        { attributeStatus: 'UnknownVariable', component: { name: 'A' }, variable: { name: 'B' } },
        {
          attributeStatus: 'NotSupportedAttributeType',
          attributeType: 'Target',
          component: { name: 'C' },
          variable: { name: 'D' },
        },
        {
          attributeStatus: 'Accepted',
          attributeValue: '300',
          component: { name: 'ocppcommctrlr' },
          variable: { name: 'heartbeatInterval' },
        },
        { attributeStatus: 'Rejected', component: { name: 'E', evse: { id: 1 } }, variable: { name: 'F' } },
      ],
    }));
    expect(done).toEqual({
      status: 'accepted',
      variables: [{ name: 'ocppcommctrlr/heartbeatInterval', value: '300' }],
      unknown: ['NoKeyOf2', 'A/B', 'C/D#Target'],
      detail:
        'NoKeyOf2: no name of a variable, A/B: UnknownVariable, C/D#Target: NotSupportedAttributeType, E/F@1: Rejected',
    });
  });

  test('what earlier messages gave is not lost with one that is refused', () => {
    let calls = 0;
    const answers = (payload: Data) => ((calls += 1) === 1 ? got(payload) : 'NotSupported');
    const { done } = run(
      read,
      { names: names(2) },
      answers,
      view({ 'DeviceDataCtrlr/ItemsPerMessage.GetVariables': '1' }),
    );
    expect(done).toMatchObject({ status: 'unsupported', variables: [{ name: 'OCPPCommCtrlr/V0', value: '1' }] });
  });

  test('one that a station answers with an error does not keep the others from being read', () => {
    const { done } = run(read, { names: names(3) }, (payload) =>
      payload['getVariableData']!.some(({ variable }) => (variable as { name: string }).name === 'V1')
        ? 'InternalError'
        : got(payload),
    );
    expect(done).toMatchObject({
      ...{ status: 'accepted', detail: 'OCPPCommCtrlr/V1: InternalError' },
      variables: [{ name: 'OCPPCommCtrlr/V0' }, { name: 'OCPPCommCtrlr/V2' }],
    });
    expect(run(read, { names: names(1) }, () => 'InternalError').done).toMatchObject({ status: 'rejected' });
  });
});

test.each([
  ['timeout', 'timeout'],
  ['closed', 'failed'],
] as const)('what a station has said before it is %s is not lost', (kind, status) => {
  const one = view({
    'DeviceDataCtrlr/ItemsPerMessage.GetVariables': '1',
    'DeviceDataCtrlr/ItemsPerMessage.SetVariables': '1',
  });
  const lost = <C>(plan: Outbound<C>, command: C, first: (payload: Data) => unknown) => {
    const step = plan.start(command, one) as Extract<Step, { call: unknown }>;
    const payload = first(step.call.payload as Data);
    const second = plan.next(step.state, { kind: 'result', payload }) as Extract<Step, { call: unknown }>;
    return plan.next(second.state, { kind });
  };
  expect(lost(read, { names: names(2) }, got)).toMatchObject({
    done: { status, variables: [{ name: 'OCPPCommCtrlr/V0', value: '1' }] },
  });
  const taken = ({ setVariableData }: Data) => ({
    setVariableResult: setVariableData!.map((it) => ({ ...it, attributeStatus: 'Accepted' })),
  });
  expect(lost(write, { values: { 'A/X': '1', 'A/Y': '2' } }, taken)).toMatchObject({
    done: {
      ...{ status, detail: expect.stringMatching(/^A\/Y: .* \(before it: A\/X accepted\)$/) },
      outcomes: [{ name: 'A/X', value: '1', status: 'accepted' }],
    },
  });
});

describe('writing variables', () => {
  const taken =
    (statuses: Readonly<Record<string, string>>) =>
    ({ setVariableData }: Data) => ({
      setVariableResult: setVariableData!.map(({ component, variable, attributeType }) => ({
        ...{ component, variable, ...(attributeType === undefined ? {} : { attributeType }) },
        attributeStatus: statuses[(variable as { name: string }).name] ?? 'Accepted',
      })),
    });

  test('tells of each how it was taken; the worst names the whole', () => {
    const values = { 'A/Good': '1', 'A/Boots': '2', 'A/Bad': '3', 'A/None': '4', 'No name': '5' };
    const { sent, done } = run(
      write,
      { values },
      taken({ Boots: 'RebootRequired', Bad: 'Rejected', None: 'UnknownVariable' }),
    );
    expect(sent).toHaveLength(1);
    expect(done).toEqual({
      status: 'rejected',
      detail: 'No name: no name of a variable, A/Boots: RebootRequired, A/Bad: Rejected, A/None: UnknownVariable',
      variables: [{ name: 'A/Good', value: '1' }],
      unknown: ['No name', 'A/None'],
      outcomes: [
        { name: 'No name', value: '5', status: 'unsupported' },
        { name: 'A/Good', value: '1', status: 'accepted' },
        { name: 'A/Boots', value: '2', status: 'rebootRequired' },
        { name: 'A/Bad', value: '3', status: 'rejected' },
        { name: 'A/None', value: '4', status: 'unsupported' },
      ],
    });
  });

  test('one that a station answers with an error does not keep the others from being written', () => {
    const { done } = run(write, { values: { 'A/X': '1', 'A/Y': '2' } }, (payload) =>
      payload['setVariableData']!.some(({ variable }) => (variable as { name: string }).name === 'X')
        ? 'InternalError'
        : taken({})(payload),
    );
    expect(done).toMatchObject({
      status: 'rejected',
      outcomes: [
        { name: 'A/X', status: 'rejected' },
        { name: 'A/Y', status: 'accepted' },
      ],
    });
  });
});

test('a setting has one name in 2.x, by whatever name it is asked for', () => {
  const { settingName } = ocpp201;
  expect(settingName!('heartbeatinterval')).toBe('OCPPCommCtrlr/HeartbeatInterval');
  expect(settingName!('EVSE/Power@1.2#MaxSet')).toBe('EVSE/Power@1.2#MaxSet');
  expect(settingName!('NumberOfConnectors')).toBeUndefined();
});
