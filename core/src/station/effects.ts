import type { CommandName, CommandResult, CommandTable } from '@plugga/kit';
import type { StationCredentials } from '../charger/face.ts';
import type { ActorDeps } from './actor-face.ts';
import type { Effect, Input } from './input.ts';
import type { StationState } from './state.ts';

type Deps = Pick<
  ActorDeps,
  | 'log'
  | 'counted'
  | 'settle'
  | 'effectSeen'
  | 'effectAwaited'
  | 'effectUnseen'
  | 'networkSettles'
  | 'deviceTold'
  | 'customerTold'
>;

/** Performs what follows from a unit, once that unit is stored: it is asked, told or sent, and what comes of it is an input again. */
export function createEffects(
  deps: Deps,
  credentials: StationCredentials,
  o: {
    readonly state: () => StationState;
    /** Nothing is sent that nobody asked for. */
    readonly quiet: () => boolean;
    readonly run: <K extends CommandName>(name: K, command: CommandTable[K]) => Promise<CommandResult>;
    readonly take: (input: Input) => Promise<void>;
  },
): (effect: Effect) => void {
  const { log } = deps;
  const { run, take } = o;
  const { station, identity } = credentials;

  /** How it ends is known; undefined: there is nothing to wait for. */
  const perform = (effect: Effect): Promise<unknown> | undefined => {
    switch (effect.kind) {
      case 'settle':
        return deps
          .settle(credentials, effect.session, o.state())
          .then((waitUntil) => take({ kind: 'settled', session: effect.session, waitUntil }));
      case 'stop':
        return o.quiet() ? undefined : run('stop', { transaction: effect.transaction });
      case 'trigger': {
        const { kind: _, ...asked } = effect;
        return o.quiet() ? undefined : run('trigger', asked);
      }
      case 'availability': {
        const { kind: _, ...asked } = effect;
        return o.quiet() ? undefined : run('availability', asked);
      }
      case 'transactionStatus': {
        const { kind, session, transaction } = effect;
        if (o.quiet()) return undefined;
        return run('transactionStatus', { transaction }).then((result) => {
          if (!('transaction' in result) || result.transaction === undefined) return undefined;
          return take({ kind, session, messagesInQueue: result.transaction.messagesInQueue });
        });
      }
      case 'effect':
        deps.effectSeen(credentials, effect.command, effect.effect);
        return undefined;
      case 'awaiting':
        deps.effectAwaited(credentials, effect.command, effect.until);
        return undefined;
      case 'unseen':
        deps.effectUnseen(credentials, effect.command, effect.detail);
        return undefined;
      case 'alarm':
        deps.counted('alarm', { event: effect.what });
        log.error('security alarm', { station: identity, event: effect.what, detail: effect.detail });
        return undefined;
      case 'alert': {
        const { kind: _, ...alert } = effect;
        log.error('device alert', { station: identity, ...alert });
        return undefined;
      }
      case 'network':
        deps.networkSettles(credentials, effect.move);
        return undefined;
      case 'told': {
        const { kind: _, ...told } = effect;
        deps.deviceTold(credentials, told);
        return undefined;
      }
      case 'customer':
        deps.customerTold(credentials, effect.command, effect.told);
        return undefined;
      default:
        return effect satisfies never;
    }
  };

  return (effect) => {
    perform(effect)?.catch((error: unknown) => log.warn('effect failed', { station, effect: effect.kind, error }));
  };
}
