import type { Answer, StationView } from '@plugga/kit';

/** Which controller says how much of a message the station takes. */
const CONTROLLER = {
  GetReport: 'DeviceDataCtrlr',
  GetVariables: 'DeviceDataCtrlr',
  SetVariables: 'DeviceDataCtrlr',
  SetVariableMonitoring: 'MonitoringCtrlr',
  ClearVariableMonitoring: 'MonitoringCtrlr',
} as const;
export type BatchedMessage = keyof typeof CONTROLLER;

/** How much a station takes in one message. */
export interface Most {
  readonly items: number;
  readonly bytes: number;
}

/** For stations that have not said: what is refused is sent again in halves. */
export const DEFAULT: Most = { items: 10, bytes: 8_000 };

/** Digits that say something, and not that nothing is taken. */
const countOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d{1,9}\s*$/.test(text) && Number(text) > 0 ? Number(text) : undefined;

const saidOf = (station: StationView, message: BatchedMessage): Partial<Most> => {
  const said = (variable: string) => countOf(station.variable(`${CONTROLLER[message]}/${variable}.${message}`));
  const [items, bytes] = [said('ItemsPerMessage'), said('BytesPerMessage')];
  return { ...(items !== undefined && { items }), ...(bytes !== undefined && { bytes }) };
};
export const mostOf = (station: StationView, message: BatchedMessage): Most => ({
  ...DEFAULT,
  ...saidOf(station, message),
});

/** Why the station does not take all of it in one message, where it cannot be asked in several; undefined where it does, or has not said. */
export function tooMuch(
  station: StationView,
  message: BatchedMessage,
  { items, payload }: { readonly items: number; readonly payload: unknown },
): string | undefined {
  const most = saidOf(station, message);
  const name = (variable: keyof Most) =>
    `${CONTROLLER[message]}/${variable === 'items' ? 'Items' : 'Bytes'}PerMessage.${message}`;
  if (items > (most.items ?? Infinity))
    return `${items} names are more than the station takes at once, ${most.items} (${name('items')})`;
  const bytes = Buffer.byteLength(JSON.stringify(payload));
  return bytes > (most.bytes ?? Infinity)
    ? `${bytes} bytes are more than the station takes at once, ${most.bytes} (${name('bytes')})`
    : undefined;
}

/** The first of `items` that go into one message, and the rest; one that is too long goes alone. */
export function batchOf<T>(
  items: readonly T[],
  { items: most, bytes }: Most,
  payload: (batch: readonly T[]) => unknown,
): readonly [batch: readonly T[], left: readonly T[]] {
  let count = Math.min(items.length, most);
  while (count > 1 && Buffer.byteLength(JSON.stringify(payload(items.slice(0, count)))) > bytes) count -= 1;
  return [items.slice(0, count), items.slice(count)];
}

/** Half of what was refused as a whole, where it may be that it was too much; undefined where it cannot be. */
export const lessOf = (answer: Answer, batch: number, most: Most): Most | undefined =>
  answer.kind === 'error' && batch > 1 && answer.code !== 'NotImplemented' && answer.code !== 'NotSupported'
    ? { ...most, items: Math.max(1, Math.floor(batch / 2)) }
    : undefined;
