/** RFC 9457, as the operator API answers every error. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stable: what a program decides on. */
  readonly code: string;
  readonly hint: string;
  readonly requestId: string;
  readonly [extra: string]: unknown;
}

/** The platform refused; `problem.code` says why in a word that does not change. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

/** What a refused request was told; made up from the status where something else than the platform has answered. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'code' in body) return body as Problem;
  } catch {
    // Not JSON: a proxy, a gateway.
  }
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    detail: text.slice(0, 500),
    code: `http-${response.status}`,
    hint: 'This answer does not come from Plugga: look at what stands between.',
    requestId: response.headers.get('x-request-id') ?? '',
  };
}
