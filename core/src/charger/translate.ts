import {
  type AnyInbound,
  fail,
  type Ask,
  type Deviation,
  type Fact,
  type Outcome,
  type StationView,
} from '@plugga/kit';
import type { Dialect } from './dialect.ts';

export * from './dialect.ts';

/** A departure, and the quirk that it concerns where there is one. */
export type Departure = Deviation & { readonly quirk?: string };

/** What a message means, or the CALLERROR it is answered with. */
export type Translated =
  | {
      readonly ok: true;
      readonly facts: readonly Fact[];
      readonly ask?: Ask;
      readonly finalCost?: true;
      readonly deviations: readonly Departure[];
      /**
       * The payload of the CALLRESULT. Messages of a transaction always have one; for others it throws
       * `broken-assumption` when the adapter cannot make a valid one: answered with CALLERROR InternalError.
       */
      reply(outcome: Outcome): unknown;
    }
  | {
      readonly ok: false;
      readonly code: string;
      readonly description: string;
      readonly details: Readonly<Record<string, unknown>>;
      readonly deviations: readonly Departure[];
    };

/** Never half of a character: a lone surrogate is refused by the database. */
const clip = (text: string, most: number): string => text.slice(0, most).toWellFormed();

const refused = (code: string, description: string, deviations: readonly Departure[] = []): Translated => ({
  ok: false,
  code,
  // 2.x allows 255 characters.
  description: clip(description, 255),
  details: {},
  deviations,
});

const failed = (error: unknown, quirk?: string): Departure => ({
  code: 'adapter-failed',
  detail: clip(String(error), 200),
  ...(quirk !== undefined && { quirk }),
});

/** A quirk that throws is as one that is not there: the adapter reads what came. */
const normalised = (
  dialect: Dialect,
  action: string,
  payload: unknown,
  view: StationView,
): { readonly payload: unknown; readonly deviations: readonly Departure[] } => {
  const hook = dialect.inbound.get(action);
  if (!hook || typeof payload !== 'object' || payload === null) return { payload, deviations: [] };
  try {
    const changed = hook.run(payload as Readonly<Record<string, unknown>>, view);
    return { payload: changed, deviations: changed === payload ? [] : [{ code: 'quirk-applied', quirk: hook.quirk }] };
  } catch (error) {
    return { payload, deviations: [failed(error, hook.quirk)] };
  }
};

const replyTo =
  (entry: AnyInbound, action: string, payload: unknown, view: StationView) =>
  (outcome: Outcome): unknown => {
    let cause: unknown;
    try {
      const reply: unknown = entry.reply(outcome, payload, view);
      const checked = entry.response?.(reply);
      if (checked === undefined || checked.ok) return reply;
      cause = checked.detail;
    } catch (error) {
      cause = error;
    }
    if (entry.lastResort !== undefined) return entry.lastResort;
    throw fail('broken-assumption', `no valid answer to ${action}: ${String(cause)}`, { cause });
  };

/**
 * What a CALL of a station means. Pure. This is the border where a fault of an adapter or quirk ends: the message is kept
 * as it came and answered as its kind must be, and no fault of ours reaches a station as CALLERROR on a transaction.
 */
export const translate = (dialect: Dialect, view: StationView, action: string, raw: unknown): Translated => {
  const { adapter } = dialect;
  const entry = Object.hasOwn(adapter.inbound, action) ? adapter.inbound[action] : undefined;
  if (!entry) {
    return adapter.known.includes(action)
      ? refused('NotSupported', `${action} is not supported`)
      : refused('NotImplemented', `${adapter.protocol} has no ${action}`);
  }
  const { payload, deviations } = normalised(dialect, action, raw, view);
  let readable: unknown = payload;
  try {
    const parsed = entry.request(payload);
    if (!parsed.ok) return refused(parsed.error, parsed.detail, deviations);
    readable = parsed.payload;
    const { facts, ask, finalCost } = entry.read(readable, view);
    return {
      ok: true,
      facts,
      ...(ask && { ask }),
      ...(finalCost && { finalCost }),
      deviations: [...deviations, ...parsed.deviations],
      reply: replyTo(entry, action, readable, view),
    };
  } catch (error) {
    return {
      ok: true,
      facts: [{ kind: 'noted', topic: 'message.unread', data: { action, payload: raw } }],
      deviations: [...deviations, failed(error)],
      reply: replyTo(entry, action, readable, view),
    };
  }
};
