import type { Chance } from './chance.ts';
import type { Charge, Message } from './ledger.ts';
import type { Unit } from './manners.ts';
import type { Timeline } from './timeline.ts';

export interface Connector {
  readonly id: number;
  register: number;
  charge: Charge | undefined;
  plugged: boolean;
  movedAt: number;
}

/** The hardware of a virtual station, and what it knows of itself. */
export interface Body {
  readonly connectors: readonly Connector[];
  readonly charges: Charge[];
  readonly messages: Message[];
  unit: Unit;
  firmware: number;
  /** How far its clock is from the world's. */
  clockAhead: number;
  /** Nobody has told it the time since the power came. */
  unset: boolean;
  clock(): string;
  /** Lets what charges draw what it has drawn since. */
  move(connector: Connector): void;
}

const MOST_WATTS = 22_000;
const HOUR = 3_600_000;

export interface Built {
  readonly registerWh?: number | undefined;
  readonly unit?: Unit | undefined;
  readonly stamp?: ((at: number) => string) | undefined;
}

export function body(time: Timeline, chance: Chance, built: Built = {}): Body {
  const { stamp = (at: number) => new Date(at).toISOString() } = built;
  const self: Body = {
    connectors: [1, 2].map((id) => ({
      id,
      register: (built.registerWh ?? chance.pick([0, 1_000, 700_000])) + chance.below(1_000),
      charge: undefined,
      plugged: false,
      movedAt: time.now,
    })),
    charges: [],
    messages: [],
    unit: built.unit ?? chance.pick(['Wh', 'kWh', 'none']),
    firmware: 1,
    clockAhead: 0,
    unset: false,
    clock: () => stamp(Math.round(time.now + self.clockAhead)),
    move: (connector) => {
      const ms = time.now - connector.movedAt;
      connector.movedAt = time.now;
      if (connector.charge === undefined) return;
      const wh = chance.between(0, Math.floor((MOST_WATTS * ms) / HOUR));
      connector.register += wh;
      connector.charge.delivered += wh;
      connector.charge.to = connector.register;
    },
  };
  return self;
}
