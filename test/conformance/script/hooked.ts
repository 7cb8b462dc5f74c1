import { spawn } from 'node:child_process';
import type { Csms, Operator } from './csms.ts';
import { Failure } from './failure.ts';
import type { Step } from './step.ts';

/** One step of the operator: the command gets it as one line of JSON on stdin, and is right when it ends with 0; gives its output. */
const step = (command: string, what: Step): Promise<string> =>
  new Promise((resolve, reject) => {
    const run = spawn('sh', ['-c', command], { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    run.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    run.once('error', (error) => reject(new Failure(`the operator's ${what.step}`, error.message)));
    run.once('close', (code) =>
      code === 0
        ? resolve(output.trim())
        : reject(new Failure(`the operator's ${what.step}`, `the hook ended with ${code}`)),
    );
    run.stdin.on('error', () => undefined);
    run.stdin.end(`${JSON.stringify(what)}\n`);
  });

/** Any CSMS, by its frames alone: what its operator does there, a command of yours does. */
export function hooked(o: {
  readonly url: string;
  readonly hook: string | undefined;
  readonly patienceMs: number;
  readonly token?: string | undefined;
  readonly identity?: string | undefined;
  readonly tls?: Csms['tls'];
}): Csms {
  const { url, hook, patienceMs, token, identity, tls } = o;
  const operator: Operator | undefined =
    hook === undefined
      ? undefined
      : {
          station: async (identity, wanted) => void (await step(hook, { step: 'station', identity, ...wanted })),
          registers: async (identity, registration) =>
            void (await step(hook, { step: 'register', identity, registration })),
          // What it prints names the token in commands.
          token: async (token) => (await step(hook, { step: 'token', ...token })) || undefined,
          tariff: async (tariff) => void (await step(hook, { step: 'tariff', ...tariff })),
          contractRoot: async (certificate) => void (await step(hook, { step: 'contractRoot', certificate })),
          contractService: async (at) => void (await step(hook, { step: 'contractService', url: at })),
          replan: async (identity, wishes) => {
            void step(hook, { step: 'replan', identity, wishes }).catch(() => undefined);
          },
          // Not waited for: the station must be free to hear what comes of it.
          command: async (identity, command) => {
            void step(hook, { step: 'command', identity, command }).catch(() => undefined);
            return undefined;
          },
        };
  return {
    ...{ url, tls, patienceMs, operator, seen: undefined },
    ...(token === undefined ? {} : { token }),
    ...(identity === undefined ? {} : { identity }),
  };
}
