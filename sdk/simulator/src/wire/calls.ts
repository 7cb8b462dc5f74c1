import { callText, type Frame } from './frames.ts';

/** How one CALL of the station ended. `gone`: the socket closed before an answer came. */
export type Answered =
  | { readonly kind: 'result'; readonly payload: Record<string, unknown> }
  | { readonly kind: 'error'; readonly code: string; readonly description: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'gone' };

export interface Calls {
  /** Waits its turn: a station has one CALL outstanding (OCPP-J 1.6 section 4.1.1). `pipelined` breaks that rule, as some stations do. */
  call(o: {
    readonly id: string;
    readonly action: string;
    /** Another name under which its answer can be lost. */
    readonly as?: string;
    readonly payload: unknown;
    readonly pipelined?: true;
  }): Promise<Answered>;
  answered(frame: Extract<Frame, { type: 3 | 4 }>): void;
  /** What waits for that id, so that a test can lose its answer. */
  actionsOf(id: string): readonly string[];
  /** The socket is gone: whatever was outstanding or in line ends so. */
  reset(): void;
}

interface Waiting {
  readonly id: string;
  readonly actions: readonly string[];
  readonly text: string;
  readonly done: (answer: Answered) => void;
}

export const calls = (o: {
  readonly send: (text: string) => boolean;
  readonly timeoutMs: number;
  /** How a frame is written; as the standard says when not given. */
  readonly write?: (id: string, action: string, payload: unknown) => string;
}): Calls => {
  const write = o.write ?? callText;
  const outstanding = new Map<string, { waiting: Waiting; timer: NodeJS.Timeout }>();
  const line: Waiting[] = [];

  const settle = (id: string, answer: Answered): void => {
    const entry = outstanding.get(id);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    outstanding.delete(id);
    entry.waiting.done(answer);
    const next = outstanding.size === 0 ? line.shift() : undefined;
    if (next !== undefined) put(next);
  };
  const put = (waiting: Waiting): void => {
    const timer = setTimeout(() => settle(waiting.id, { kind: 'timeout' }), o.timeoutMs);
    outstanding.set(waiting.id, { waiting, timer });
    if (!o.send(waiting.text)) settle(waiting.id, { kind: 'gone' });
  };

  return {
    call: ({ id, action, as, payload, pipelined }) =>
      new Promise((done) => {
        const actions = as === undefined ? [action] : [action, as];
        const waiting = { id, actions, text: write(id, action, payload), done };
        if (outstanding.size === 0 || pipelined) put(waiting);
        else line.push(waiting);
      }),
    answered: (frame) =>
      settle(
        frame.id,
        frame.type === 3
          ? { kind: 'result', payload: frame.payload }
          : { kind: 'error', code: frame.code, description: frame.description },
      ),
    actionsOf: (id) => outstanding.get(id)?.waiting.actions ?? [],
    reset() {
      const lost = line.splice(0);
      for (const id of [...outstanding.keys()]) settle(id, { kind: 'gone' });
      for (const waiting of lost) waiting.done({ kind: 'gone' });
    },
  };
};
