import type { Adapter, RunningCost, StationView } from '@plugga/kit';
import type { InboundCall, Said, StationCredentials } from '../charger/face.ts';
import { parse, versionOf } from '../charger/ocppj.ts';
import { type Dialect, translate } from '../charger/translate.ts';
import { withoutDrivers } from '../charger/without-secrets.ts';
import type { ActorDeps } from './actor-face.ts';
import { answersTo } from './answers-to.ts';
import type { Handled, Input } from './input.ts';
import type { PricesTold } from './prices-told.ts';
import type { StationState } from './state.ts';
import { isUnregistered } from './unregistered.ts';
import { unseen } from './unseen.ts';

/** As for an authenticated station whose limit was raised. */
const REPLAY_BOUNDS = { depth: 32, nodes: 800_000 };

export const SILENT: Said = { kind: 'silent' };

/** The message whose frame a unit came of: kept raw where the database refuses it. */
export interface From {
  readonly raw: Uint8Array;
  readonly action: string;
}

/** What came of an input: its unit was stored, or kept raw because the database refuses it. */
export interface Done extends Handled<StationState> {
  readonly quarantined?: true;
}

/** `handled` is undefined when nothing was stored of it. */
interface Heard {
  readonly said: () => Said | Promise<Said>;
  readonly handled: Done | undefined;
}

/** What the messages of one station mean, and what is to be said to them. */
export interface Messages {
  hear(
    call: Pick<InboundCall, 'action' | 'messageId' | 'payload' | 'raw' | 'deviations'>,
    adapter: Adapter,
  ): Promise<Heard>;
  /** A message that was kept raw because the database refused it, once more; what came of it in words. */
  replay(raw: Uint8Array): Promise<{ readonly stored: boolean; readonly detail: string }>;
}

export function createMessages(
  deps: ActorDeps,
  credentials: StationCredentials,
  o: {
    readonly state: () => StationState;
    readonly dialect: (adapter: Adapter) => Dialect;
    readonly view: () => StationView;
    readonly prices: Pick<PricesTold, 'costOf' | 'finalOf' | 'heard' | 'tariffFor'>;
    readonly commit: (input: Input, from?: From) => Promise<Done | undefined>;
    /** Keeps a message raw for which the database refused to be asked; throws any other error on. */
    readonly keepRaw: (input: Input, from: From | undefined, error: unknown) => Promise<Done>;
    /** It tells that it has booted. */
    readonly booting: () => void;
  },
): Messages {
  const { state, prices, commit, keepRaw } = o;
  const fresh = unseen((action, deviation) => deps.deviated(credentials, action, deviation));

  const hear: Messages['hear'] = async (call, adapter) => {
    const meant = translate(o.dialect(adapter), o.view(), call.action, call.payload);
    const message = { kind: 'message', action: call.action, messageId: call.messageId } as const;
    if (!meant.ok) {
      const said: Said = { kind: 'error', code: meant.code, description: meant.description, details: meant.details };
      const refused = { code: meant.code, detail: meant.description };
      const deviations = fresh(call.action, [...call.deviations, ...meant.deviations, refused]);
      if (deviations.length > 0) await commit({ ...message, facts: [], deviations });
      return { said: () => said, handled: undefined };
    }
    if (isUnregistered(state(), adapter.protocol, call.action)) {
      const said: Said = {
        ...{ kind: 'error', code: 'SecurityError', description: 'the station is not accepted yet', details: {} },
      };
      return { said: () => said, handled: undefined };
    }
    if (meant.facts.some((fact) => fact.kind === 'booted')) o.booting();
    const { ask } = meant;
    const said: Input = {
      ...message,
      facts: meant.facts,
      deviations: fresh(call.action, [...call.deviations, ...meant.deviations]),
    };
    const from: From = { raw: withoutDrivers(call.raw), action: call.action };
    let tariff: Awaited<ReturnType<typeof prices.tariffFor>>;
    let handled: Done | undefined;
    try {
      const { decision, relayed } = ask === undefined ? {} : await answersTo(ask, deps, credentials, state());
      tariff = await prices.tariffFor(ask, decision);
      const asked = { ...(decision === undefined ? {} : { decision }), ...(relayed === undefined ? {} : { relayed }) };
      handled = await commit({ ...said, ...asked }, from);
    } catch (error) {
      handled = await keepRaw(said, from, error);
    }
    if (handled !== undefined) prices.heard(handled.outcome.transaction?.id, meant.facts);
    const saying = (final?: RunningCost): Said => {
      if (handled === undefined) return SILENT;
      try {
        const { outcome } = handled;
        const told = {
          ...(final === undefined ? prices.costOf(outcome.transaction?.id) : { cost: final }),
          ...(tariff === undefined ? {} : { tariff }),
        };
        return { kind: 'result', payload: meant.reply({ ...outcome, ...told }) };
      } catch (error) {
        // Never for a message of a transaction: those always have an answer.
        deps.log.error('no valid answer', { station: credentials.station, action: call.action, error });
        return { kind: 'error', code: 'InternalError', description: 'no valid answer could be made', details: {} };
      }
    };
    if (meant.finalCost !== true || handled === undefined) return { said: saying, handled };
    // Asked of what is stored now; the next message does not wait for it.
    const final = prices.finalOf(handled.outcome.transaction?.id).catch((error: unknown) => {
      deps.log.warn('no final cost', { station: credentials.station, error });
      return undefined;
    });
    return { said: async () => saying(await final), handled };
  };

  return {
    hear,
    replay: async (raw) => {
      const adapter = deps.adapters.find(({ protocol }) => protocol === state().protocol) ?? deps.adapters[0];
      const version = adapter === undefined ? undefined : versionOf(adapter.protocol);
      if (adapter === undefined || version === undefined) return { stored: false, detail: 'no adapter speaks it' };
      const frame = parse(Buffer.from(raw).toString('utf8'), version, REPLAY_BOUNDS);
      if (frame.kind !== 'call' && frame.kind !== 'send')
        return { stored: false, detail: `it is not a CALL: ${frame.kind}` };
      const { handled } = await hear({ ...frame, messageId: String(frame.id), raw }, adapter);
      if (handled === undefined) return { stored: false, detail: 'it was refused' };
      return handled.quarantined === true
        ? { stored: false, detail: 'the database refuses it still' }
        : { stored: true, detail: `${handled.events.length} events` };
    },
  };
}
