import type {
  Amount,
  Ask,
  Adapter,
  Answer,
  Call,
  CommandName,
  CommandResult,
  CommandTable,
  Deviation,
  Instant,
  Log,
  Questions,
  Quirk,
  RunningCost,
  SessionId,
  ShownContract,
} from '@plugga/kit';
import type { StationCredentials } from '../charger/face.ts';
import type { Clock, Random, Store } from '../ports.ts';
import type { CustomerPart, DeviceTold, Env, Input, Relayed, TokenDecision } from './input.ts';
import type { NetworkMove } from './network.ts';
import type { StationState } from './state.ts';

/** Questions of stations that are put to plugins as they are, and the contract that a vehicle shows with its token. */
export type RelayedAsk =
  | Exclude<Ask, { question: 'authorize' }>
  | ({ readonly question: 'contract'; readonly emaid: string } & ShownContract);

/** What of the station a question may need. */
export interface Asking {
  /** The open transaction on that EVSE. */
  transactionOn(evse: number): string | undefined;
  /** What a certificate of the station may name. */
  readonly names: readonly string[];
  /** We have asked the station for a CSR. */
  readonly isAskedToSign: boolean;
}

/** What an actor is given; nothing here is the station's own. */
export interface ActorDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly quirks: readonly Quirk[];
  readonly adapters: readonly Adapter[];
  readonly heartbeatSeconds: number;
  hmac(text: string): Uint8Array;
  authorize(
    credentials: StationCredentials,
    ask: {
      readonly token: { readonly value: string; readonly type?: string };
      readonly evse?: number;
      readonly purpose: 'authorize' | 'start' | 'stop';
    },
  ): Promise<TokenDecision>;
  /** What plugins answer to a question that the station has put; nothing where nobody does in time. */
  relay(credentials: StationCredentials, ask: RelayedAsk, asking: Asking): Promise<Relayed>;
  /** What whoever starts there pays, for a station that reckons itself. */
  stationTariff(
    credentials: StationCredentials,
    ask: Omit<Questions['stationTariff']['ask'], 'station'>,
  ): Promise<Questions['stationTariff']['answer'] | undefined>;
  /** What a session costs that has just ended; nothing where nobody knows yet, or not in time. */
  finalCost(credentials: StationCredentials, ask: Questions['finalCost']['ask']): Promise<Amount | undefined>;
  settle(credentials: StationCredentials, session: SessionId, state: StationState): Promise<'now' | 'unplug' | Instant>;
  /** The station's facts that live in its row: vendor and model after a boot, whether it is there. */
  booted(credentials: StationCredentials, boot: NonNullable<StationState['boot']>): void;
  /** Its newest connection is this one; until `disconnected` with the same generation, or a newer `connected`. */
  connected(credentials: StationCredentials, generation: number): void;
  disconnected(credentials: StationCredentials, generation: number): void;
  /** Whether the station has come nowhere else since that connection. */
  isNewest(credentials: StationCredentials, generation: number): Promise<boolean>;
  seen(credentials: StationCredentials, at: Instant): void;
  /** What a command led to: the session that a start began, the boot after a reset. */
  effectSeen(credentials: StationCredentials, command: string, effect: string): void;
  /** What the station does otherwise than it should; `action` is empty for what is no message. */
  deviated(credentials: StationCredentials, action: string, deviation: Deviation & { readonly quirk?: string }): void;
  /** It is waited for until then. */
  effectAwaited(credentials: StationCredentials, command: string, until: Instant): void;
  /** It has failed, or was not seen in time. */
  effectUnseen(credentials: StationCredentials, command: string, detail: string): void;
  /** What a report told of variables and monitors is kept beside the log. */
  deviceTold(credentials: StationCredentials, told: DeviceTold): void;
  /** What it says of a driver is kept beside the log for who asked, until that is taken. */
  customerTold(credentials: StationCredentials, command: string, told: CustomerPart): void;
  /** It is to be found out by which network profile it came. */
  networkSettles(credentials: StationCredentials, move: NetworkMove): void;
  counted(
    metric: 'message' | 'fenced' | 'quarantined' | 'deviation' | 'alarm',
    labels: Readonly<Record<string, string>>,
  ): void;
  /** The actor holds nothing any more: forget it, the next use loads it anew. */
  gone(credentials: StationCredentials): void;
  /** For how long the database has been away; 0 while it is there. */
  awayMs(): number;
  /** When the database last came back, at the start of the process or after it was away. */
  quietSince(): Instant;
}

/** What the rest of the core may do with a station; all of it passes through the actor's queue. */
export interface ActorControl {
  readonly online: boolean;
  /** Of the open connection. */
  readonly generation: number | undefined;
  readonly idleSince: Instant;
  readonly hasTimers: boolean;
  /** A raw CALL, sent whatever is learnt or denied. */
  call(call: Call, timeoutSeconds: number): Promise<{ readonly messageId: string; readonly answer: Answer }>;
  /** Whether the dialect that it speaks now has that command. */
  has(name: CommandName): boolean;
  /** Runs a neutral command as the dialect's plan; resolves with what the station made of it. */
  run<K extends CommandName>(name: K, command: CommandTable[K]): Promise<CommandResult>;
  /** Something of ours for the session engine: a request, a stop, a command's progress. */
  tell(input: Input): Promise<void>;
  /** A message that was kept raw because the database refused it, once more; what came of it in words. */
  replay(raw: Uint8Array): Promise<{ readonly stored: boolean; readonly detail: string }>;
  /** Tariffs of a tenant, or what they are assigned to, have changed. */
  tariffsChanged(tenant: string): void;
  /** What a session of it costs so far. */
  priced(session: SessionId, cost: RunningCost): void;
  stateNow(): StationState;
  readonly quiet: boolean;
  /** Whether nothing is sent to it that nobody asked for. */
  keepQuiet(is: boolean): void;
  /** What its boot is answered from now on. */
  registerAs(registration: Env['registration']): void;
  /** The hardware's identities or the location changed. */
  placesChanged(): void;
  /** Credentials changed or the station is gone. */
  close(why: string): void;
  /** That newer connection came to another node: lets go of an older one. */
  takenOver(generation: number): void;
  /** The database has refused what the journal had taken of it: its state is read from the log anew. */
  refused(): Promise<void>;
  /** Waits for what is under way, then takes nothing more. */
  stop(): Promise<void>;
}
