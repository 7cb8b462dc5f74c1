import type { Version } from './schema.ts';
import type { Payload, Spoken } from './station.ts';
import type { Stage } from './stage.ts';

/** The same case with one rule or frame broken: it must fail, at the step that it names. */
export interface Twin {
  readonly breaks: string;
  readonly who: Spoken['who'];
  readonly action: string;
  /** Members that are other than they were, or all of it. */
  readonly change: Payload | ((payload: Payload) => Payload);
  /** Which one, where several are said; each when left out. */
  readonly nth?: number;
  /** Words of the step that must fail. */
  readonly fails: string;
  /** Where only an operator can see it. */
  readonly inState?: true;
}

/** One case of the public list, as a script of frames. */
export interface Case {
  /** As in TC_004_1: `004_1`. */
  readonly id: string;
  /** 1.6 unless said otherwise. */
  readonly version?: Version;
  /** It waits for what a CSMS sends by itself: half a minute, where its clock is not in our hand. */
  readonly unasked?: true;
  readonly run: (t: Stage) => Promise<void>;
  readonly twins: readonly [Twin, ...Twin[]];
}

/** A CSMS that asks for something else than the operator did. */
export const asksOther = (action: string, change: Twin['change'], breaks: string): Twin => ({
  ...{ breaks, who: 'csms asks', action, change, fails: `${action} comes` },
});
/** A CSMS that answers something else. */
export const answersOther = (action: string, change: Twin['change'], breaks: string): Twin => ({
  ...{ breaks, who: 'csms answers', action, change, fails: `the answer to ${action}` },
});
/** A station that does something else: what the operator sees must be another. */
export const stationOther = (
  who: 'station says' | 'station answers',
  action: string,
  change: Twin['change'],
  o: { readonly breaks: string; readonly fails: string; readonly nth?: number },
): Twin => ({ ...o, who, action, change, inState: true });
/** A station that answers with another status: the operator must see the command end otherwise. */
export const contrary = (action: string, status: string, nth?: number): Twin => ({
  ...{ breaks: `the station answers ${status}`, who: 'station answers', action, change: { status }, inState: true },
  ...{ fails: 'the command', ...(nth !== undefined && { nth }) },
});
