import type { Answered } from '../wire/calls.ts';

/** Messages that wait for the line, in order: statuses of files and security events, which must not be lost with it. */
export interface Notices {
  /** `answered` hears what the CSMS has said to it. */
  push(action: string, payload: Record<string, unknown>, answered?: (answer: Answered) => void): void;
  /** The station is in service: begin, or go on, to deliver. */
  resume(): void;
  /** Resolves when nothing is on its way any more: delivered, or kept for lack of a line. */
  quiet(): Promise<void>;
}

/** While there is no line, as many as a station would keep. */
const MOST = 100;

export const notices = (o: {
  readonly ready: () => boolean;
  readonly call: (action: string, payload: Record<string, unknown>) => Promise<Answered>;
}): Notices => {
  const waiting: {
    readonly action: string;
    readonly payload: Record<string, unknown>;
    readonly answered: ((answer: Answered) => void) | undefined;
  }[] = [];
  let delivering = false;
  let last: Promise<void> = Promise.resolve();
  const deliver = async (): Promise<void> => {
    delivering = true;
    while (o.ready() && waiting[0] !== undefined) {
      const { action, payload, answered } = waiting[0];
      // An error or silence is an answer to this one too: only a lost line keeps it.
      const answer = await o.call(action, payload);
      if (answer.kind === 'gone') break;
      waiting.shift();
      answered?.(answer);
    }
    // In the same breath as the last look: what comes a moment later begins anew.
    delivering = false;
  };
  const run = (): void => {
    if (!delivering) last = deliver();
  };
  return {
    push(action, payload, answered) {
      waiting.push({ action, payload, answered });
      if (waiting.length > MOST) waiting.splice(0, waiting.length - MOST);
      run();
    },
    resume: run,
    quiet: () => last,
  };
};
