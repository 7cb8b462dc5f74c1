import { spawn } from 'node:child_process';
import type { Csms, Operator } from './csms.ts';
import { Failure } from './failure.ts';

/** One step of the operator: the command gets it as one line of JSON on stdin, and is right when it ends with 0. */
const step = (
  command: string,
  what: Readonly<Record<string, unknown>> & { readonly step: string },
): Promise<undefined> =>
  new Promise((resolve, reject) => {
    const run = spawn('sh', ['-c', command], { stdio: ['pipe', 'inherit', 'inherit'] });
    run.once('error', (error) => reject(new Failure(`the operator's ${what.step}`, error.message)));
    run.once('exit', (code) =>
      code === 0
        ? resolve(undefined)
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
}): Csms {
  const { url, hook, patienceMs, token, identity } = o;
  const operator: Operator | undefined =
    hook === undefined
      ? undefined
      : {
          station: (identity, key) => step(hook, { step: 'station', identity, ...(key === undefined ? {} : { key }) }),
          token: (token) => step(hook, { step: 'token', ...token }),
          // Not waited for: the station must be free to hear what comes of it.
          command: async (identity, command) => {
            void step(hook, { step: 'command', identity, command }).catch(() => undefined);
            return undefined;
          },
        };
  return {
    ...{ url, patienceMs, operator, seen: undefined },
    ...(token === undefined ? {} : { token }),
    ...(identity === undefined ? {} : { identity }),
  };
}
