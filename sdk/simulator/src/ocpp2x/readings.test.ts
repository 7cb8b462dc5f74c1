import { describe, expect, test } from 'vitest';
import { stand2x } from '../../test/stand2x.ts';

type Payload = Record<string, unknown>;
interface Value {
  readonly timestamp: string;
  readonly sampledValue: readonly { readonly context: string; readonly measurand: string; readonly value: number }[];
}
const patient = { withinMs: 20_000 };
const secondsBetween = (values: readonly Value[]): number[] =>
  values.slice(1).map((one, n) => (Date.parse(one.timestamp) - Date.parse(values[n]!.timestamp)) / 1_000);

describe('what a station of 2.x reads in a transaction', () => {
  const at = stand2x('ocpp2.0.1');
  const valuesOf = (eventType: string): Value[] =>
    at
      .heard('TransactionEvent')
      .flatMap((event: Payload) => (event['eventType'] === eventType ? ((event['meterValue'] ?? []) as Value[]) : []));
  const contexts = (values: readonly Value[]): string[] => values.map((one) => one.sampledValue[0]!.context);
  const visit = async (configuration: Record<string, string>): Promise<void> => {
    const station = await at.started({ speed: 1_200, configuration });
    await station.charge({ idTag: 'TAG1', stopAfterSeconds: 1_900 });
    await station.settled(patient);
    expect(at.mistakes()).toEqual([]);
  };

  test('goes out by collectors with intervals and measurands of their own', async () => {
    await visit({
      'SampledDataCtrlr.TxStartedMeasurands': 'Energy.Active.Import.Register,SoC',
      'SampledDataCtrlr.TxUpdatedInterval': '200',
      'SampledDataCtrlr.TxUpdatedMeasurands': 'Power.Active.Import',
      'SampledDataCtrlr.TxEndedInterval': '500',
      'SampledDataCtrlr.TxEndedMeasurands': 'Energy.Active.Import.Register',
    });
    const [first] = valuesOf('Started');
    expect(first?.sampledValue.map((one) => one.measurand)).toEqual(['Energy.Active.Import.Register', 'SoC']);
    const updated = valuesOf('Updated');
    // Timers of a busy machine are late, never early: a tenth of a second of it is two minutes here.
    expect(updated.length).toBeGreaterThanOrEqual(2);
    expect(Math.min(...secondsBetween(updated))).toBeGreaterThanOrEqual(200);
    expect(new Set(updated.flatMap((one) => one.sampledValue.map((it) => it.measurand)))).toEqual(
      new Set(['Power.Active.Import']),
    );
    const ended = valuesOf('Ended');
    const [begin, ...more] = contexts(ended);
    expect([begin, more.pop()]).toEqual(['Transaction.Begin', 'Transaction.End']);
    expect(new Set(more)).toEqual(new Set(['Sample.Periodic']));
    expect(Math.min(...secondsBetween(ended.slice(0, -1)))).toBeGreaterThanOrEqual(500);
    const registers = ended.map((one) => one.sampledValue[0]!.value);
    expect(registers).toEqual([...registers].sort((a, b) => a - b));
    expect(registers.at(-1)).toBeGreaterThan(registers[0]!);
  });

  test('also at the times of the clock, for the readings and for the end', async () => {
    await visit({
      'SampledDataCtrlr.TxUpdatedInterval': '0',
      'SampledDataCtrlr.TxEndedMeasurands': '',
      'AlignedDataCtrlr.Interval': '300',
      'AlignedDataCtrlr.TxEndedInterval': '600',
      'AlignedDataCtrlr.TxEndedMeasurands': 'Energy.Active.Import.Register',
    });
    const [updated, ended] = [valuesOf('Updated'), valuesOf('Ended')];
    expect(new Set(contexts([...updated, ...ended]))).toEqual(new Set(['Sample.Clock']));
    expect(updated.length).toBeGreaterThan(ended.length);
    expect(ended.length).toBeGreaterThan(0);
  });
});
