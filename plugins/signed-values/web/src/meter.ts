/** As the API shows it. */
export interface MeterKey {
  readonly fingerprint: string;
  readonly curve: string;
  readonly publicKey: string;
  readonly from: string | null;
  readonly until: string | null;
  readonly registeredBy: string;
  readonly registeredAt: string;
  readonly withdrawnBy: string | null;
  readonly withdrawnAt: string | null;
  readonly note: string | null;
}
export interface Meter {
  readonly serial: string;
  readonly station: string | null;
  readonly firstSeenAt: string | null;
  readonly lastSeenAt: string | null;
  readonly keys: readonly MeterKey[];
}
export interface FoundKey {
  readonly station: string;
  readonly name: string;
  readonly serial: string | null;
  readonly fingerprint: string;
  readonly curve: string;
  readonly publicKey: string;
  readonly trusted: boolean;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export type KeyState = 'trusted' | 'later' | 'over' | 'retired';

export function keyStateOf({ from, until, withdrawnAt }: MeterKey, now: number): KeyState {
  if (withdrawnAt !== null) return 'retired';
  if (until !== null && Date.parse(until) <= now) return 'over';
  return from !== null && Date.parse(from) > now ? 'later' : 'trusted';
}

/** In fours, as it is compared by eye; lines may break between them. */
export const grouped = (hex: string): string => hex.match(/.{1,4}/g)?.join(' ') ?? '';

/** Of a key that is registered: the station that tells the same one, if any does. */
export const toldBy = (fingerprint: string, found: readonly FoundKey[]): FoundKey | undefined =>
  found.find((it) => it.fingerprint === fingerprint);
