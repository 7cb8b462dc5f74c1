import type { Instant, StationId } from '@plugga/kit';
import type { Unit } from '../ports.ts';
import type { JournalDisk } from './journal-disk.ts';
import { scan } from './journal-frame.ts';
import { unitOfText } from './journal-unit.ts';

/** The journal's files: `<number>-<installation>.journal`, begun with a header, sealed when full or when they are drained. */

export const FORMAT = 1;

/** The first record of a segment: whose it is, and how long the one before is, so that a tail that rots is told from a torn one. */
export interface Header {
  readonly format: number;
  /** Whose units these are; those of another installation are never drained. */
  readonly installation: string;
  readonly node: string;
  readonly at: Instant;
  /** Where the segment before ends: what is behind that was refused, whatever of it reached the disk. */
  readonly after?: { readonly name: string; readonly length: number };
}

export const segmentName = (number: number, installation: string): string =>
  `${String(number).padStart(12, '0')}-${installation}.journal`;

const NAME = /^(\d{12})-([0-9a-z]+)\.journal$/;
const ASIDE = '.damaged';

const isAside = (name: string): boolean => name.endsWith(ASIDE);
export const asideOf = (name: string): string => `${name}${ASIDE}`;

const numberOf = (name: string): number => Number(/^(\d{12})-/.exec(name)?.[1] ?? 0);

/** What lies in a segment file. */
export interface Segment {
  readonly name: string;
  readonly number: number;
  readonly installation: string;
  readonly header: Header | undefined;
  readonly entries: number;
  readonly stations: ReadonlyMap<StationId, number>;
  /** When the oldest of its entries was heard. */
  readonly oldest: Instant | undefined;
  /** Where what is readable ends, and where the file does. */
  readonly end: number;
  readonly size: number;
  /** Some of what was acknowledged cannot be read. */
  readonly damaged: boolean;
}

/** The units of a segment, in order; `limit` is where it ends. */
export const unitsIn = (
  bytes: Uint8Array,
  limit = bytes.length,
): {
  readonly units: readonly Unit[];
  readonly header: Header | undefined;
  readonly end: number;
  readonly broken: boolean;
} => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(limit, bytes.length));
  const { payloads, end, broken } = scan(buffer);
  const header = headerOf(payloads[0]);
  return {
    units: payloads.flatMap((payload) => unitOfText(payload) ?? []),
    header,
    end,
    broken: broken || (payloads.length > 0 && header === undefined),
  };
};

const headerOf = (payload: string | undefined): Header | undefined =>
  payload === undefined ? undefined : (JSON.parse(payload) as { header?: Header }).header;

export interface Inspected {
  /** By number. */
  readonly segments: readonly Segment[];
  /** Damaged ones that were set aside: what was readable in them is drained. */
  readonly aside: readonly string[];
  /** Numbers up to here are taken. */
  readonly lastNumber: number;
}

/** Reads what is there and changes nothing. */
export const inspect = async (disk: JournalDisk): Promise<Inspected> => {
  const all = await disk.list();
  const names = all.filter((name) => NAME.test(name)).sort();
  const read: (ReturnType<typeof unitsIn> & {
    readonly name: string;
    readonly size: number;
    readonly bytes: Uint8Array;
  })[] = [];
  const ends = new Map<string, number>();
  const segments: Segment[] = [];
  for (const name of names) {
    const bytes = await disk.read(name);
    const found = unitsIn(bytes);
    if (found.header?.after !== undefined) ends.set(found.header.after.name, found.header.after.length);
    read.push({ ...found, name, size: bytes.length, bytes });
    // The one before is known whole now; more than two are never in memory.
    if (read.length > 1) segments.push(segmentOf(read.shift()!, ends));
  }
  for (const last of read) segments.push(segmentOf(last, ends));
  const numbers = all.map(numberOf);
  return { segments, aside: all.filter(isAside).sort(), lastNumber: Math.max(0, ...numbers) };
};

const segmentOf = (
  read: ReturnType<typeof unitsIn> & { readonly name: string; readonly size: number; readonly bytes: Uint8Array },
  ends: ReadonlyMap<string, number>,
): Segment => {
  const limit = ends.get(read.name);
  const { units, header, end, broken } = limit === undefined || limit >= read.size ? read : unitsIn(read.bytes, limit);
  const [, number, installation = ''] = NAME.exec(read.name) ?? [];
  const stations = new Map<StationId, number>();
  for (const { station } of units) stations.set(station, (stations.get(station) ?? 0) + 1);
  // Where nothing says how long it was, its writing was cut off, and nobody was told that what is missing is kept.
  const short = limit !== undefined && end < limit;
  return {
    name: read.name,
    number: Number(number),
    installation,
    header,
    entries: units.length,
    stations,
    oldest: units.find(({ events }) => events.length > 0)?.events[0]?.receivedAt ?? header?.at,
    end,
    size: read.size,
    damaged: broken || short,
  };
};
