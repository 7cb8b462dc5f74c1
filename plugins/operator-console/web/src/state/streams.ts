/** A stream of values that a station of 2.1 has open. */
export interface OpenStream {
  readonly id: number;
  readonly monitor: number;
  /** How often it tells, and after how many values; what it says nothing of is its own to choose. */
  readonly seconds: number | undefined;
  readonly values: number | undefined;
}

interface Told {
  readonly at: string;
  readonly data?: unknown;
}

type Members = Readonly<Record<string, unknown>>;
const membersOf = (value: unknown): Members => (typeof value === 'object' && value !== null ? (value as Members) : {});
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

const streamOf = (raw: unknown): readonly OpenStream[] => {
  const said = membersOf(raw);
  const [id, monitor] = [numberOf(said.id), numberOf(said.monitor)];
  if (id === undefined || monitor === undefined) return [];
  return [{ id, monitor, seconds: numberOf(said.seconds ?? said.interval), values: numberOf(said.values) }];
};

/** Streams that are open now: those that the station listed last, and what it has opened and closed since. */
export function streamsOf({
  listed,
  opened,
  closed,
}: {
  /** The answer to `readStreams`. */
  readonly listed: { readonly at: string; readonly result: unknown } | undefined;
  readonly opened: readonly Told[];
  readonly closed: readonly Told[];
}): readonly OpenStream[] {
  const data = membersOf(listed?.result).data;
  const open = new Map((Array.isArray(data) ? data : []).flatMap(streamOf).map((it) => [it.id, it]));
  const since = [
    ...opened.map((it) => ({ ...it, opens: true })),
    ...closed.map((it) => ({ ...it, opens: false })),
  ].filter(({ at }) => listed === undefined || at > listed.at);
  for (const { data: told, opens } of since.toSorted((a, b) => a.at.localeCompare(b.at))) {
    const id = numberOf(membersOf(told).id);
    if (id !== undefined && !opens) open.delete(id);
    if (opens) for (const it of streamOf(told)) open.set(it.id, it);
  }
  return [...open.values()].toSorted((a, b) => a.id - b.id);
}

/** One message of a stream: when its first value was taken, and the values in order. */
export function valuesOf(told: unknown): {
  readonly id: number | undefined;
  readonly base: string | undefined;
  readonly values: readonly string[];
} {
  const { id, base, values } = membersOf(told);
  return {
    id: numberOf(id),
    base: typeof base === 'string' && !Number.isNaN(Date.parse(base)) ? base : undefined,
    values: (Array.isArray(values) ? values : []).map((it) => String(membersOf(it).v ?? '–')),
  };
}
