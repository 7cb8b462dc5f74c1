import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process of the bench that is asked and answers, one line of JSON each. */
export interface Talk {
  ask<T>(what: string, question: object, withinMs: number): Promise<T>;
  end(): Promise<void>;
}

export const talkTo = (file: string): Talk => {
  const process_ = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(process_, 'exit');
  const lines = createInterface({ input: process_.stdout });
  return {
    async ask(what, question, withinMs) {
      const answer = once(lines, 'line').then(([text]) => JSON.parse(String(text)) as never);
      process_.stdin.write(`${JSON.stringify(question)}\n`);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, failed) => {
        timer = setTimeout(() => failed(new Error(`stalled: ${what} not within ${withinMs / 1_000} s`)), withinMs);
      });
      const gone = exited.then(([code]) => Promise.reject(new Error(`${what}: ${file} ended with ${String(code)}`)));
      return Promise.race([answer, late, gone]).finally(() => clearTimeout(timer));
    },
    async end() {
      process_.kill('SIGKILL');
      await exited;
    },
  };
};

/** The other end: answers each question in its turn; ends with its input. */
export const answering = async <Q>(answer: (question: Q) => unknown): Promise<void> => {
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify((await answer(JSON.parse(line) as Q)) ?? {}));
  }
  process.exit(0);
};

/** Milliseconds since 1970 with their fraction: the same in every process of the machine. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

export const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
