import { type Answerer, type QuestionName, type Questions, type TenantId } from '@plugga/kit';
import { patience } from '../patience.ts';
import type { Clock } from '../ports.ts';
import { breaker, type Breaker, type BreakerOptions } from './breaker.ts';

type Ask<K extends QuestionName> = Questions[K]['ask'];
type Answer<K extends QuestionName> = Questions[K]['answer'];

/** One plugin that answers a question. */
export interface Answering<K extends QuestionName = QuestionName> {
  readonly plugin: string;
  readonly answer: Answerer<K>;
}

export interface Answered<K extends QuestionName> {
  readonly plugin: string;
  readonly answer: Answer<K>;
}

export interface QuestionsDeps {
  readonly clock: Clock;
  /** In the deployment's order. */
  answering<K extends QuestionName>(question: K): readonly Answering<K>[];
  /** An answer that was late or thrown: the plugin is as one that is silent. */
  missed(plugin: string, question: QuestionName, error: unknown): void;
  readonly breaker?: BreakerOptions;
}

export interface AskOptions {
  readonly tenant: TenantId;
  /** One deadline for all that are asked. */
  readonly deadlineMs: number;
}

export interface QuestionsFace {
  /** Asks all plugins at once; undefined when all are silent. Never rejects. */
  ask<K extends QuestionName>(question: K, ask: Ask<K>, options: AskOptions): Promise<Answered<K> | undefined>;
  /** Questions of a plugin that are not asked at present because it was late too often. */
  paused(plugin: string): readonly QuestionName[];
}

/** What is known of one plugin's answer: still waited for, silent, or said. */
type Said<K extends QuestionName> = 'waiting' | 'silent' | Answered<K>;

/** Undefined: go on waiting. Null: decided that nobody says anything. */
type Rule<K extends QuestionName> = (said: readonly Said<K>[]) => Answered<K> | null | undefined;

const isSaid = <K extends QuestionName>(said: Said<K>): said is Answered<K> => typeof said === 'object';
const isOver = <K extends QuestionName>(said: readonly Said<K>[]): boolean => !said.includes('waiting');

/** The first in the deployment's order that is not silent; a later one's answer waits for those before it. */
const first = <K extends QuestionName>(said: readonly Said<K>[]): Answered<K> | null | undefined => {
  const one = said.find((it) => it !== 'silent');
  return one === undefined ? null : one === 'waiting' ? undefined : one;
};

/** One refusal refuses, at once; else the first that admits. */
const refusal: Rule<'admit'> = (said) =>
  said.filter(isSaid).find((it) => !it.answer.admit) ?? (isOver(said) ? (said.find(isSaid) ?? null) : undefined);

/** One refusal refuses, at once; else the first that accepts. */
const refusedElseAccepted: Rule<'stationCertificate'> = (said) =>
  said.filter(isSaid).find((it) => !it.answer.accept) ?? (isOver(said) ? (said.find(isSaid) ?? null) : undefined);

const moment = (waitUntil: Answer<'settle'>['waitUntil']): number =>
  waitUntil === 'now' ? 0 : waitUntil === 'unplug' ? Infinity : Date.parse(waitUntil) || 0;

/** The latest moment wins; until unplug is later than any. */
const latest: Rule<'settle'> = (said) =>
  isOver(said)
    ? (said
        .filter(isSaid)
        .toSorted((a, b) => moment(b.answer.waitUntil) - moment(a.answer.waitUntil))
        .at(0) ?? null)
    : undefined;

/** How the answers of several plugins become one. */
const rules: { readonly [K in QuestionName]: Rule<K> } = {
  authorize: first,
  admit: refusal,
  offer: first,
  stationTariff: first,
  finalCost: first,
  settle: latest,
  dataTransfer: first,
  signCertificate: first,
  vatNumber: first,
  chargingNeeds: first,
  vehicleSchedule: first,
  dynamicSchedule: first,
  contractCertificate: first,
  certificateStatus: first,
  stationCertificate: refusedElseAccepted,
};

/** Asks plugins on behalf of a station that waits for its answer. */
export function createQuestions(deps: QuestionsDeps): QuestionsFace {
  const breakers = new Map<string, Breaker>();
  const breakerOf = (plugin: string, question: QuestionName): Breaker => {
    const key = `${plugin}/${question}`;
    const known = breakers.get(key) ?? breaker(deps.breaker);
    breakers.set(key, known);
    return known;
  };

  return {
    ask: (question, ask, { tenant, deadlineMs }) => {
      const asked = deps
        .answering(question)
        .filter(({ plugin }) => breakerOf(plugin, question).admits(deps.clock.now()));
      if (asked.length === 0) return Promise.resolve(undefined);
      return conversation({ ...deps, question, ask, tenant, deadlineMs, asked, breakerOf });
    },
    paused: (plugin) =>
      (Object.keys(rules) as QuestionName[]).filter((question) => {
        const known = breakers.get(`${plugin}/${question}`);
        return known !== undefined && known.state !== 'closed';
      }),
  };
}

interface Conversation<K extends QuestionName> extends QuestionsDeps, AskOptions {
  readonly question: K;
  readonly ask: Ask<K>;
  readonly asked: readonly Answering<K>[];
  breakerOf(plugin: string, question: QuestionName): Breaker;
}

function conversation<K extends QuestionName>(it: Conversation<K>): Promise<Answered<K> | undefined> {
  const { asked, question, clock } = it;
  const said = asked.map((): Said<K> => 'waiting');
  const controller = new AbortController();
  const rule = rules[question] as Rule<K>;
  let late = false;

  return new Promise((resolve) => {
    const look = (): void => {
      const answer = rule(said);
      if (answer === undefined) return;
      cancelDeadline();
      const goOn = late || !isOver(said);
      for (const [i, { plugin }] of asked.entries())
        if (said[i] === 'waiting') it.breakerOf(plugin, question).released();
      said.fill('silent'); // whatever still comes is not listened to
      // Where all have answered nobody is left to tell, and an abort costs more than most answers.
      if (goOn) controller.abort();
      resolve(answer ?? undefined);
    };
    const missed = (i: number, error: unknown): void => {
      const { plugin } = asked[i]!;
      said[i] = 'silent';
      it.breakerOf(plugin, question).failed(clock.now());
      it.missed(plugin, question, error);
    };
    const cancelDeadline = patience(clock, it.deadlineMs, () => {
      late = true;
      for (const [i, one] of said.entries())
        if (one === 'waiting') missed(i, new Error(`no answer to ${question} within ${it.deadlineMs} ms`));
      look();
    });

    for (const [i, { plugin, answer }] of asked.entries())
      Promise.resolve()
        .then(() => answer(it.ask, { tenant: it.tenant, signal: controller.signal }))
        .then(
          (answer) => {
            if (said[i] !== 'waiting') return;
            said[i] = answer === undefined ? 'silent' : { plugin, answer };
            it.breakerOf(plugin, question).succeeded();
            look();
          },
          (error: unknown) => {
            if (said[i] !== 'waiting') return;
            missed(i, error);
            look();
          },
        );
  });
}
