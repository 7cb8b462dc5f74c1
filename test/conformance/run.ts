// pnpm conformance: the cases of a version of OCPP against our own process, or against any CSMS by its frames.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cases as cases16 } from './ocpp16/cases/index.ts';
import { list as list16 } from './ocpp16/list.ts';
import { cases as cases201 } from './ocpp201/cases/index.ts';
import { list as list201 } from './ocpp201/list.ts';
import { cases as cases21 } from './ocpp21/cases/index.ts';
import { list as list21 } from './ocpp21/list.ts';
import type { Csms } from './script/csms.ts';
import { hooked } from './script/hooked.ts';
import { nameOf } from './script/listed.ts';
import { startLive } from './script/live.ts';
import { ours } from './script/ours.ts';
import { runCase, type Outcome } from './script/run-case.ts';
import { startStub } from './script/stub.ts';

const versions = new Map([
  ['1.6', { list: list16, cases: cases16 }],
  ['2.0.1', { list: list201, cases: cases201 }],
  ['2.1', { list: list21, cases: cases21 }],
]);

const usage = `pnpm conformance [case…] [--ocpp 1.6 | 2.0.1 | 2.1] [--against ws://…/ocpp [--operator <command>] [--token <value>] [--identity <name>] [--patience <seconds>]]
                 [--tls wss://…/ocpp [--ca <pem file>]] [--api <url> --key <key>] [--stub]`;

const read = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        against: { type: 'string' },
        operator: { type: 'string' },
        token: { type: 'string' },
        identity: { type: 'string' },
        patience: { type: 'string', default: '10' },
        tls: { type: 'string' },
        ca: { type: 'string' },
        api: { type: 'string' },
        key: { type: 'string' },
        ocpp: { type: 'string', default: '1.6' },
        stub: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
};

interface Opened {
  readonly csms: Csms;
  stop(): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;

const words = (outcome: Outcome): string =>
  outcome.kind === 'passes'
    ? 'passes'
    : outcome.kind === 'fails'
      ? `FAILS   ${outcome.why}`
      : `not run: needs ${outcome.needs}`;

async function main(): Promise<number> {
  const given = read();
  if (typeof given === 'string') {
    console.error(`${given}\n${usage}`);
    return 2;
  }
  const { values, positionals } = given;
  const wanted = positionals.map((id) => id.replace(/^TC_/i, '').replace(/_CSMS$/i, ''));
  const spoken = versions.get(values.ocpp);
  const { list, cases } = spoken ?? { list: [], cases: [] };
  const unknown = wanted.find((id) => !list.some((it) => it.id === id));
  const patience = Number(values.patience);
  const fault =
    spoken === undefined
      ? `--ocpp is 1.6, 2.0.1 or 2.1, not "${values.ocpp}"`
      : unknown !== undefined
        ? `there is no case "${unknown}"`
        : !(patience > 0)
          ? `--patience is seconds, not "${values.patience}"`
          : (values.api === undefined) !== (values.key === undefined)
            ? '--api and --key go together'
            : undefined;
  if (fault !== undefined) {
    console.error(`${fault}\n${usage}`);
    return 2;
  }
  const { api: url, key, against, ca } = values;
  const tls =
    values.tls === undefined
      ? undefined
      : { url: values.tls, ...(ca === undefined ? {} : { ca: readFileSync(ca, 'utf8') }) };
  const opened: Opened = values.stub
    ? await startStub()
    : url !== undefined && key !== undefined
      ? { csms: ours({ url, key, tls }), stop: nothing }
      : against !== undefined
        ? {
            csms: hooked({
              ...{ url: against, tls, hook: values.operator, patienceMs: patience * 1000 },
              ...{ token: values.token, identity: values.identity },
            }),
            stop: nothing,
          }
        : await startLive();
  const count = { passes: 0, fails: 0, notRun: 0, without: 0 };
  try {
    for (const it of list.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
      const script = cases.find(({ id }) => id === it.id);
      const name = nameOf(it.id).padEnd(9);
      if (script === undefined) {
        count.without += 1;
        console.log(`${name} ${it.about}: no script yet`);
        continue;
      }
      const outcome = await runCase(script, opened.csms);
      count[outcome.kind] += 1;
      console.log(`${name} ${it.about}: ${words(outcome)}`);
    }
  } finally {
    await opened.stop();
  }
  const { passes, fails, notRun, without } = count;
  console.log(`\n${passes} pass, ${fails} fail, ${notRun} not run, ${without} have no script`);
  return fails === 0 ? 0 : 1;
}

process.exitCode = await main();
