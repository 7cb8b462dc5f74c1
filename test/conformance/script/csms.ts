import type { Payload } from './station.ts';

/** A token that the operator of the CSMS makes known to it. */
export interface TokenWanted {
  readonly value: string;
  /** ISO14443 where it is left out. */
  readonly type?: string;
  readonly status?: 'accepted' | 'blocked';
  readonly expiresAt?: string;
  readonly group?: string;
}

/** A tariff without conditions that the operator of the CSMS makes. */
export interface TariffWanted {
  readonly id: string;
  readonly currency: string;
  /** Without VAT. */
  readonly perKwh: string;
  readonly vatPercent: string;
  /** Of whose tokens it is the price; nobody's where it is left out. */
  readonly group?: string;
}

/** How a station is let in: by anybody where nothing is said. */
export interface StationWanted {
  /** Only with it, and by that security profile (1). */
  readonly key?: string;
  readonly securityProfile?: number;
  /** It also hears what the CSMS sends by itself; else only what its script asks for. */
  readonly unasked?: true;
}

export type Registration = 'accepted' | 'pending' | 'rejected';

/** The CSMS that is looked at: where stations reach it, and what its operator does there. */
export interface Csms {
  /** Stations connect to `<url>/<identity>`. */
  readonly url: string;
  /** The same over TLS, and who vouches for its certificate where that is nobody whom everybody knows. */
  readonly tls?: { readonly url: string; readonly ca?: string } | undefined;
  /** How long a step may take. */
  readonly patienceMs: number;
  /** Its clock is in our hand: what is due within that time happens soon. */
  readonly leap?: (ms: number) => void;
  readonly operator: Operator | undefined;
  /** Known there already, for cases that need no more than that. */
  readonly token?: string;
  readonly identity?: string;
  /** What an operator sees; undefined where only frames can be looked at. */
  readonly seen: Seen | undefined;
}

/** Steps of a case that are done at the CSMS itself, in the words of our operator API. */
export interface Operator {
  /** A station is let in. */
  station(identity: string, wanted: StationWanted): Promise<void>;
  /** What the boot of that station is answered from now on. */
  registers(identity: string, as: Registration): Promise<void>;
  /** Gives what names it in commands; its value when undefined. */
  token(token: TokenWanted): Promise<string | undefined>;
  tariff(tariff: TariffWanted): Promise<void>;
  /** Trusts whoever issues contracts of vehicles: PEM. Its responder is on the machine of the run. */
  contractRoot(certificate: string): Promise<void>;
  /** Passes requests for contract certificates on to that URL, on the machine of the run. */
  contractService(url: string): Promise<void>;
  /** Has the vehicle that charges at that station planned for otherwise than it asked: `{ limitWatts: 6000 }` at the most. */
  replan(identity: string, wishes: Payload): Promise<void>;
  /** Asks the station for something: `{ type: 'reset', kind: 'hard' }`. Gives what names it in `Seen`. */
  command(identity: string, command: Payload): Promise<string | undefined>;
}

export interface Seen {
  get(path: string): Promise<unknown>;
  /** The first events of those types that a station's log holds, as many as that. */
  events(o: { readonly station: string; readonly types: string; readonly count: number }): Promise<readonly unknown[]>;
}
