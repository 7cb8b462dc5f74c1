import type { Config } from '../config.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

const ASK_MS = 5_000;

/** What to do where a check of the running platform is not well. */
const todo: Readonly<Record<string, string>> = {
  database: 'bring the database back; stations are served meanwhile as far as the other checks say',
  storage: 'what stations say goes to the journal of this machine: see "journal" for its room',
  standing: 'while the database is away stations could not reconnect: see "standing" and the log',
  ocpp: 'stations are let in again by themselves once the other checks are well',
  bus: 'the other nodes are not heard: see NATS_URL',
};

/** What a platform that runs at this address says of itself, step by step; nothing where none does. */
export async function runningFindings({ host, port }: Config): Promise<readonly Finding[]> {
  if (port === 0) return [];
  const at = host.includes(':') ? `[${host}]` : host;
  const answer = await fetch(`http://${at}:${port}/readyz`, { signal: AbortSignal.timeout(ASK_MS) }).then(
    async (response) => (await response.json()) as { ready?: boolean; checks?: Record<string, string> },
    () => undefined,
  );
  if (answer?.checks === undefined) return [];
  return Object.entries(answer.checks).map(([name, said]) => {
    const check = `running ${name}`;
    if (/^(?:ok|well)\b/.test(said)) return ok(check, said);
    const detail = `${said}${todo[name] === undefined ? '' : `; ${todo[name]}`}`;
    return answer.ready === true ? warning(check, detail) : wrong(check, detail);
  });
}
