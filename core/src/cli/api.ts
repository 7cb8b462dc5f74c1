import { fail } from '@plugga/kit';
import { readConfig } from '../config.ts';
import type { Invocation } from './command.ts';
import { exitCodes } from './command.ts';

/** Where the platform is and who asks: options of every command that talks to a running platform. */
export const apiOptions = { url: { type: 'string' }, key: { type: 'string' } } as const;
export const apiUsage = '[--url <url>] [--key <key>]';

export interface Api {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** What is no JSON document. */
  text(path: string): Promise<string>;
  /** All pages of a list. */
  list<T>(path: string): Promise<T[]>;
}

/** The platform refused, or is not there: said with the exit code that it ends with. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly exitCode: number;
  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function apiOf(
  { env }: Invocation,
  options: { readonly url?: string | undefined; readonly key?: string | undefined },
): Api {
  const key = options.key ?? env.PLUGGA_KEY ?? env.PLUGGA_ADMIN_KEY;
  if (key === undefined || key === '')
    throw fail('unauthenticated', 'no key was given: use --key, PLUGGA_KEY or PLUGGA_ADMIN_KEY');
  const base = (options.url ?? env.PLUGGA_URL ?? urlOf(env)).replace(/\/+$/, '');
  const ask = async (method: string, path: string, body?: unknown): Promise<string> => {
    const response = await fetch(`${base}/api/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    }).catch((error: unknown) => {
      const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new ApiError(
        `no platform answers at ${base} (${why}); start one, or name another with --url`,
        exitCodes.unreachable,
      );
    });
    const text = await response.text();
    if (response.ok) return text;
    throw new ApiError(sayProblem(response.status, text), exitCodes.refused);
  };
  const send = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const text = await ask(method, path, body);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    text: (path) => ask('GET', path),
    async list<T>(path: string) {
      const items: T[] = [];
      let next: string | null = '';
      while (next !== null) {
        const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
        const page: { items: T[]; next: string | null } = await send('GET', `${path}?limit=200${cursor}`);
        items.push(...page.items);
        next = page.next;
      }
      return items;
    },
  };
}

function urlOf(env: Invocation['env']): string {
  const { host, port, publicUrl } = readConfig(env);
  return publicUrl ?? `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
}

function sayProblem(status: number, text: string): string {
  try {
    const problem = JSON.parse(text) as { title?: string; detail?: string; hint?: string };
    return `${problem.detail ?? problem.title ?? `answered ${status}`}${problem.hint === undefined ? '' : `\n${problem.hint}`}`;
  } catch {
    return `answered ${status}: ${text.slice(0, 200)}`;
  }
}
