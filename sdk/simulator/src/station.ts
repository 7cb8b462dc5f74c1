import type { Protocol } from './dialect.ts';
import type { StationEvent, Watch } from './events.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Memory } from './memory.ts';
import type { SignedMeter } from './ocpp16/signed-meter.ts';
import type { Personality } from './personality.ts';
import type { Flow } from './physics/outlet.ts';
import type { Vehicle } from './physics/vehicle.ts';
import type { Answered } from './wire/calls.ts';
import type { Leaving } from './wire/socket.ts';

export interface StationOptions {
  /** The version of OCPP that it speaks; 1.6 when not given. */
  readonly protocol?: Protocol;
  /** What it offers in the handshake, best first; its protocol alone when not given. */
  readonly subprotocols?: readonly string[];
  /** Type that its tokens have in OCPP 2.x; ISO14443 when not given. */
  readonly tokenType?: string;
  /** Base of the OCPP end point; the identity is appended: `ws://127.0.0.1:8080/ocpp`. */
  readonly url: string;
  readonly identity: string;
  /** Security profile 1: HTTP Basic with the identity as user name. */
  readonly password?: string;
  /** How many connectors, each with a meter of its own; 1 when not given. */
  readonly connectors?: number;
  /** Register of connector 1 at first; each further connector's is 100 kWh higher. */
  readonly meterStartWh?: number;
  /** The most that one connector delivers; 11 kW when not given. */
  readonly maxPowerW?: number;
  /** What flows to the cars, second by second of the station's clock: for a meter that is not the station's own. */
  readonly flows?: (flow: Flow & { readonly connector: number }) => void;
  readonly seed?: number;
  /** How many times as fast as the world the station's clock runs until it has caught up (see `stationClock`). */
  readonly speed?: number;
  /** How far in the past its clock starts. */
  readonly behindMs?: number;
  /** When its clock begins to run; 'service': once the CSMS has accepted it, so that waiting for that takes no time. */
  readonly clockFrom?: 'power' | 'service';
  readonly vendor?: string;
  readonly model?: string;
  readonly firmware?: string;
  /** Configuration keys that differ from the defaults, `{ MeterValueSampleInterval: '10' }`. */
  readonly configuration?: Readonly<Record<string, string>>;
  /** Where registers, transactions and undelivered messages are kept over a power cut. */
  readonly memory?: Memory;
  /** Message id of a transaction message that is sent again. */
  readonly resendWith?: 'same-id' | 'new-id';
  /** Sends the transaction messages that wait all at once, without waiting for the answers between them. */
  readonly pipelines?: boolean;
  /** A transaction that ran when the power went: ended with PowerLoss at power-up, or carried on. */
  readonly afterPowerLoss?: 'stop' | 'resume';
  /** The car that a driver plugs in when a remote start finds nothing plugged; none: the station waits for `plugIn`. */
  readonly carOnRemoteStart?: Vehicle;
  /** Time without an answer after which a CALL has failed; 30 s when not given. */
  readonly callTimeoutMs?: number;
  /** How its make differs from the standard. What is given here beside it goes before. */
  readonly personality?: Personality;
  readonly serialNumber?: string;
  /** 'asked': boots only when the CSMS triggers it; 'never': connects and sends nothing. */
  readonly boots?: 'always' | 'asked' | 'never';
  /** Its clock at power-up, until a boot is accepted: right, at 1970, or that many milliseconds ahead. */
  readonly clockAtPowerUp?: 'kept' | '1970' | number;
  /** Message ids: random, or numbers that begin at 1 with each power-up and so come again. */
  readonly messageIds?: 'random' | 'numbers';
  /** 'bytes': the password is hex, and its bytes go into the header. */
  readonly passwordAs?: 'text' | 'bytes';
  /** Tells every state that it went through offline before it tells of transactions. */
  readonly replaysStates?: boolean;
  /** Sends the start of a running transaction again after each lost line. */
  readonly repeatsStarts?: boolean;
  /** Tells each stop twice. */
  readonly stopsTwice?: boolean;
  /** Shows the connector free before it tells of the stop. */
  readonly freesFirst?: boolean;
  /** false: names no subprotocol in the handshake. */
  readonly subprotocol?: boolean;
  /** Drops the line when it is pinged. */
  readonly dropsOnPing?: boolean;
  /** Opens another socket once it has had one for so long, and leaves the old one open; once a power-up. */
  readonly reopensAfterSeconds?: number;
  /** 'session': the register begins at 0 with each transaction. */
  readonly registerFrom?: 'lifetime' | 'session';
  /** In place of a stop it tells another start of the token, with nothing on its register. */
  readonly startsToStop?: boolean;
  /** false: it says that it charges and what it reads, and tells of no start and no stop. */
  readonly tellsTransactions?: boolean;
  /** Asks again, once it has a line, for every token that was held to it while it had none. */
  readonly replaysTokens?: boolean;
  /** Boots on every line, and tells its states anew. */
  readonly bootsEachTime?: boolean;
  /** Tells of itself, as EVSE or connector 0, beside its connectors. */
  readonly tellsStation?: boolean;
  /** Each reading of a transaction goes out by MeterValues too (OCPP 2.x). */
  readonly metersBeside?: boolean;
  /** The records of its meter go out with the end, begin and end together (OCPP 2.x). */
  readonly signsAtEnd?: boolean;
  /** What waited for a line goes out with the latest first. */
  readonly latestFirst?: boolean;
  /** Never tells of a stop that happens without a line. */
  readonly forgetsStops?: boolean;
  /** The currents that it can charge with, lowest first: every other limit is the step below it. */
  readonly currentSteps?: readonly number[];
  /** Where it dials from security profile 2 on; `url` with wss when not given. */
  readonly secureUrl?: string;
  /** PEM of roots that were installed in the factory. */
  readonly manufacturerRoots?: readonly string[];
  readonly centralSystemRoots?: readonly string[];
  /** How it uploads diagnostics and logs; PUT when not given. */
  readonly uploadWith?: 'PUT' | 'POST' | 'multipart';
  /** A meter that signs begin and end: its records go out with the stop. None: nothing is signed. */
  readonly signedMeter?: SignedMeter;
  readonly backOff?: { readonly firstMs: number; readonly maxMs: number };
}

export interface Charge {
  readonly connector?: number;
  readonly idTag: string;
  readonly vehicle?: Vehicle;
  /** Stops at whichever comes first; with none of them when the battery is full. Seconds are the station's. */
  readonly stopAfterWh?: number;
  readonly stopAfterSeconds?: number;
}

export interface End {
  readonly reason?: string;
  readonly idTag?: string;
  /** A transaction id that the station claims in place of the real one: -1, 0. */
  readonly claimedId?: number | null;
  /** Tells it again at once, under another message id and without a reason. */
  readonly twice?: boolean;
  /** Never tells it. */
  readonly withheld?: boolean;
}

/** What goes wrong in the field, on demand. */
export interface Faults {
  /** The line is cut without a goodbye; the station dials again by itself. */
  cutLine(): void;
  /** The line is cut and stays down until `online`. */
  offline(): void;
  online(): void;
  /** The next answer to that action is lost: the CSMS has sent it, the line breaks before the station reads it. */
  loseAnswer(action: string): void;
  /** Everything dies but the memory. */
  powerOff(): void;
  /** Reads the memory, dials and boots. */
  powerOn(): void;
  /** Its CSMS is at another URL from now on: dials there at once. How it leaves the line before; 'goodbye' when not given. */
  moveTo(url: string, leave?: Leaving): void;
  /** Lines that it has left open. */
  readonly leftOpen: number;
  /** Any text on the socket. */
  sendText(text: string): boolean;
  /** The line stays open with nobody there, and the station dials again. */
  halfOpen(): void;
  /** Its clock stands at 1970 until the next accepted boot. */
  clockLost(): void;
  /** Every message goes out under the id of the one before, until false. */
  reuseIds(on: boolean): void;
  /** The connector breaks, with an `errorCode` of the standard; undefined repairs it. What charges there ends. */
  breakDown(connector: number, errorCode: string | undefined): void;
  /**
   * Something beside the CSMS limits the station: the building's energy management (EMS), the grid (SO). All connectors
   * together when none is named; no watts: it does no longer.
   */
  limitFromOutside(o: {
    readonly watts: number | undefined;
    readonly source?: string;
    readonly connector?: number;
    readonly gridCritical?: boolean;
    /** It is no limit but what the site itself gives, on top of what the station may take (OCPP 2.1). */
    readonly localGeneration?: boolean;
  }): void;
  /** The next installation of a firmware fails. */
  breakInstall(): void;
}

/** One virtual station, of whatever protocol. */
export interface VirtualStation {
  readonly identity: string;
  /** Oldest first; entries live on as their transactions do. */
  readonly ledger: readonly LedgerEntry[];
  /** The line is up and the registration accepted. */
  readonly online: boolean;
  /** Transaction messages that wait for an acknowledgement. */
  readonly undelivered: number;
  readonly faults: Faults;
  /** Powers up; resolves when the CSMS has accepted its boot. */
  start(o?: { readonly withinMs?: number }): Promise<void>;
  watch(listener: Watch): () => void;
  next<K extends StationEvent['kind']>(
    kind: K,
    o: {
      readonly withinMs: number;
      readonly step?: string;
      readonly where?: (event: Extract<StationEvent, { kind: K }>) => boolean;
    },
  ): Promise<Extract<StationEvent, { kind: K }>>;
  plugIn(connector: number, vehicle?: Vehicle): void;
  unplug(connector: number): void;
  /** The driver holds a token to the reader: asks the CSMS, and starts when a car is plugged and the token accepted. */
  present(connector: number, idTag: string): Promise<string>;
  /** The driver asks at the station to be charged before others, or no longer (OCPP 2.1). */
  hurry(connector: number, on: boolean): void;
  /** Starts without asking, as free-vending stations do. */
  begin(connector: number, idTag: string): LedgerEntry;
  end(connector: number, how?: End): LedgerEntry;
  /** A whole visit: plug, token, charge, stop, unplug. Resolves when the station has stopped; `settled` waits for the CSMS. */
  charge(visit: Charge): Promise<LedgerEntry>;
  /** Resolves when every transaction message is acknowledged (or given up). */
  settled(o?: { readonly withinMs?: number }): Promise<void>;
  /** The register of a connector now, whole Wh. */
  registerWh(connector: number): number;
  /** What it does to the CSMS's knowledge of its safety: `SecurityEventNotification`, kept until it is acknowledged. */
  securityEvent(type: string, about?: string): void;
  /** Makes a key pair and asks the CSMS for a certificate. */
  requestCertificate(): Promise<void>;
  readonly firmwareVersion: string;
  readonly localListVersion: number;
  /** Sends any message and waits for its answer. */
  call(action: string, payload: Record<string, unknown>): Promise<Answered>;
  close(): void;
}
