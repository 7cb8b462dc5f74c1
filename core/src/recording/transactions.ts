type Members = Readonly<Record<string, unknown>>;
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The ids that the recorded CSMS gave, and those that are given in the replay: the station goes on speaking of the first. */
export interface Translation {
  /** A start was answered with one id then, and is with another now. */
  given(then: unknown, now: unknown): void;
  /** The payload as it would have been had the station heard our id. */
  inbound(payload: unknown): unknown;
  /** Our id as the recording has it. */
  shown(id: string): string;
}

/** OCPP 1.6, where the CSMS gives the id. Without the answer in the recording, an id that turns up is the oldest start's that has none. */
export function translationOf16(): Translation {
  const nowOf = new Map<string, string>();
  const thenOf = new Map<string, string>();
  const open: string[] = [];
  const pair = (then: string, now: string): void => {
    nowOf.set(then, now);
    thenOf.set(now, then);
  };
  return {
    given: (then, now) => {
      const id = String(now);
      if (thenOf.has(id)) return;
      if (then === undefined) open.push(id);
      else pair(String(then), id);
    },
    inbound: (payload) => {
      if (!isMembers(payload) || payload['transactionId'] === undefined) return payload;
      const said = payload['transactionId'];
      const then = String(said);
      if (!nowOf.has(then) && /^[1-9]\d{0,14}$/.test(then)) {
        const start = open.shift();
        if (start !== undefined) pair(then, start);
      }
      const now = nowOf.get(then);
      return now === undefined ? payload : { ...payload, transactionId: typeof said === 'number' ? Number(now) : now };
    },
    shown: (id) => thenOf.get(id) ?? id,
  };
}
