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
  clock(): string;
  /** Lets what charges draw what it has drawn since. */
  move(connector: Connector): void;
}

const MOST_WATTS = 22_000;
const HOUR = 3_600_000;

export function body(time: Timeline, chance: Chance): Body {
  const self: Body = {
    connectors: [1, 2].map((id) => ({
      id,
      register: chance.pick([0, 1_000, 700_000]) + chance.below(1_000),
      charge: undefined,
      plugged: false,
      movedAt: time.now,
    })),
    charges: [],
    messages: [],
    unit: chance.pick(['Wh', 'kWh', 'none']),
    firmware: 1,
    clockAhead: 0,
    clock: () => new Date(Math.round(time.now + self.clockAhead)).toISOString(),
    move: (connector) => {
      const ms = time.now - connector.movedAt;
      connector.movedAt = time.now;
      if (connector.charge === undefined) return;
      connector.register += chance.between(0, Math.floor((MOST_WATTS * ms) / HOUR));
      connector.charge.to = connector.register;
    },
  };
  return self;
}
