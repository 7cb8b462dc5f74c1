import { parseArgs } from 'node:util';
import type { Protocol } from '../dialect.ts';
import { personalityOf } from '../personalities/index.ts';

export interface SimOptions {
  readonly url: string;
  readonly count: number;
  /** Versions and their shares; a station takes each in its turn, so that every ten stations hold the whole mix. */
  readonly protocols: readonly Protocol[];
  readonly connectors: number;
  readonly sessions: number;
  readonly prefix: string;
  readonly token: string;
  readonly password: string | undefined;
  readonly powerW: number;
  readonly minutes: number;
  readonly sampleSeconds: number;
  readonly speed: number;
  readonly seed: number;
  readonly withinSeconds: number;
  /** A make, or 'mixed' for one of all of them a station. */
  readonly profile: string | undefined;
  readonly memory: string | undefined;
  /** File that every frame goes to. */
  readonly record: string | undefined;
  readonly json: boolean;
}

export const usage = `plugga-sim: virtual OCPP stations that charge

  --url <ws://…/ocpp>  where the stations connect                  (ws://127.0.0.1:8080/ocpp)
  --count <n>          stations, named <prefix>1, <prefix>2, …       (1)
  --protocol <name>    1.6, 2.0.1 or 2.1, or a mix: 1.6=6,2.0.1=3,2.1=1
                       or mixed, which is that                       (1.6)
  --connectors <n>     connectors a station                         (1)
  --sessions <n>       visits a connector; 0 only stays online      (1)
  --prefix <text>      start of every identity                      (SIM)
  --token <text>       idTag that the drivers present               (SIMTOKEN)
  --password <text>    HTTP Basic password (security profile 1)     (none)
  --power <watts>      the most a connector delivers                (11000)
  --minutes <n>        length of a visit in the station's time      (30)
  --sample <seconds>   time between meter values, station's time    (60)
  --speed <n>          station time against the world's; above 1 the
                       station's clock starts in the past            (60)
  --seed <n>           repeats the same run                         (1)
  --within <seconds>   ends the run, whatever has happened          (300)
  --profile <name>     the make that the stations are, with its habits:
                       mixed, or one of --profile list               (none)
  --memory <folder>    keeps each station's queue and meter there, so
                       that a later run goes on from it              (none)
  --record <file>      writes every frame there, as JSON lines       (none)
  --json               one line of JSON a transaction on stdout

plugga-sim scenario <file.json>   runs a story of stations step by step
plugga-sim replay <file.jsonl>    plays a recording against a CSMS
Each has a --help of its own.

Exit: 0 everything was acknowledged, 1 something was not, 2 wrong usage, 130 interrupted.
`;

export const numberOf = (name: string, text: string, least: number): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value < least)
    throw new Error(`--${name} wants a number from ${least}, not "${text}"`);
  return value;
};

const protocolNames: Readonly<Record<string, Protocol>> = {
  '1.6': 'ocpp1.6',
  '2.0.1': 'ocpp2.0.1',
  '2.1': 'ocpp2.1',
};
/** A version by its number, `2.0.1` or `ocpp2.0.1`; undefined when there is no such. */
export const protocolOf = (text: string): Protocol | undefined => {
  const name = text.replace(/^ocpp/, '');
  return Object.hasOwn(protocolNames, name) ? protocolNames[name] : undefined;
};
/** The versions of a fleet, one after another: `1.6`, `1.6=6,2.0.1=3,2.1=1`. Throws with what is wrong. */
const protocolsOf = (text: string): readonly Protocol[] =>
  (text === 'mixed' ? '1.6=6,2.0.1=3,2.1=1' : text).split(',').flatMap((part) => {
    const [name = '', share = '1'] = part.trim().split('=');
    const protocol = protocolOf(name);
    if (protocol === undefined || !/^[1-9]\d?$/.test(share))
      throw new Error(`--protocol wants 1.6, 2.0.1, 2.1, a mix like 1.6=6,2.0.1=3,2.1=1, or mixed, not "${text}"`);
    return Array.from({ length: Number(share) }, () => protocol);
  });

/** Throws with what is wrong; undefined when help was asked for, 'makes' when the list of them was. */
export const simOptions = (args: readonly string[]): SimOptions | 'makes' | undefined => {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      url: { type: 'string', default: 'ws://127.0.0.1:8080/ocpp' },
      count: { type: 'string', default: '1' },
      protocol: { type: 'string', default: '1.6' },
      connectors: { type: 'string', default: '1' },
      sessions: { type: 'string', default: '1' },
      prefix: { type: 'string', default: 'SIM' },
      token: { type: 'string', default: 'SIMTOKEN' },
      password: { type: 'string' },
      power: { type: 'string', default: '11000' },
      minutes: { type: 'string', default: '30' },
      sample: { type: 'string', default: '60' },
      speed: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      within: { type: 'string', default: '300' },
      profile: { type: 'string' },
      memory: { type: 'string' },
      record: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  if (values.profile === 'list') return 'makes';
  if (values.profile !== undefined && values.profile !== 'mixed') personalityOf(values.profile);
  if (!/^wss?:\/\//.test(values.url)) throw new Error(`--url wants ws:// or wss://, not "${values.url}"`);
  return {
    url: values.url,
    count: numberOf('count', values.count, 1),
    protocols: protocolsOf(values.protocol),
    connectors: numberOf('connectors', values.connectors, 1),
    sessions: numberOf('sessions', values.sessions, 0),
    prefix: values.prefix,
    token: values.token,
    password: values.password,
    powerW: numberOf('power', values.power, 1),
    minutes: numberOf('minutes', values.minutes, 0.1),
    sampleSeconds: numberOf('sample', values.sample, 0),
    speed: numberOf('speed', values.speed, 1),
    seed: numberOf('seed', values.seed, 0),
    withinSeconds: numberOf('within', values.within, 1),
    profile: values.profile,
    memory: values.memory,
    record: values.record,
    json: values.json,
  };
};
