import { customerReported, type Fact } from '@plugga/kit';
import type { UnitInTheMaking } from './unit.ts';

/** A part of what the station keeps of a driver. It is kept only for a command that asked for it and waits for it still. */
export function customerHeard(
  unit: UnitInTheMaking,
  { report, text }: Extract<Fact, { kind: 'customerReported' }>,
): void {
  const { awaited = [], watched = [] } = unit.state;
  const asking = [...awaited, ...watched].find((it) => it.name === 'readCustomer' && it.request === report.request);
  unit.say(customerReported, { report, characters: text.length });
  const { part, last } = report;
  if (asking !== undefined) unit.want({ kind: 'customer', command: asking.command, told: { part, last, text } });
}
