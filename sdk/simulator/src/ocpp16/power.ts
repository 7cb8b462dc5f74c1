import type { Device } from './device.ts';
import type { Keeping } from './keeping.ts';
import type { Line } from './line.ts';
import type { Transactions } from '../dialect.ts';
import type { Around } from './transactions.ts';
import type { Upkeep } from './upkeep.ts';

/** The station's switch: what stops and what goes on when it loses power, gets it again, restarts or breaks. */
export interface Power {
  on(): void;
  /** Everything dies but the memory. */
  cut(): void;
  /** Ends what runs, and boots. An update that asked for it goes on. */
  restart(kind: 'Soft' | 'Hard'): void;
  breakDown(connector: number, errorCode: string | undefined): void;
}

export const powerOf = (o: {
  readonly own: Device;
  readonly around: Around;
  readonly tx: Transactions;
  readonly kept: Keeping;
  readonly care: Upkeep;
  readonly line: Line;
  readonly save: () => void;
  /** A transaction that ran when the power went carries on. */
  readonly goesOn: boolean;
  readonly switched: (on: boolean, why: 'PowerUp' | 'Reset') => void;
}): Power => {
  const { own, around, tx, kept, line } = o;
  const { connectors } = own;
  let powered = false;

  const off = (): void => {
    if (!powered) return;
    powered = false;
    own.advance();
    for (const connector of connectors) {
      connector.outlet.deliver(false);
      for (const cancel of connector.running?.timers ?? []) cancel();
      connector.remote?.cancel();
      delete connector.remote;
    }
    o.save();
    o.switched(false, 'PowerUp');
    line.socket.cut('offline');
  };
  const on = (goesOn: boolean, why: 'PowerUp' | 'Reset'): void => {
    powered = true;
    own.configuration.restarted();
    line.restarted();
    o.switched(true, why);
    own.advance();
    for (const connector of connectors) {
      if (connector.running === undefined && !connector.operative) connector.status = 'Unavailable';
      const open = around.ledger.find((entry) => entry.connector === connector.number && entry.stoppedAt === undefined);
      if (open === undefined) continue;
      const waiting = connector.running?.ended ?? [];
      tx.resume(connector, open);
      connector.running?.ended.push(...waiting);
      if (!goesOn) tx.end(connector, { reason: 'PowerLoss' });
    }
    kept.changed();
    line.socket.dial();
  };

  return {
    on: () => on(o.goesOn, 'PowerUp'),
    cut() {
      o.care.stop();
      off();
    },
    restart(kind) {
      for (const connector of connectors) {
        if (connector.running !== undefined) tx.end(connector, { reason: `${kind}Reset` });
      }
      off();
      on(false, 'Reset');
    },
    breakDown(number, errorCode) {
      const connector = own.connector(number);
      if (errorCode === undefined) delete connector.fault;
      else connector.fault = errorCode;
      if (connector.running !== undefined) tx.end(connector, { reason: 'Other' });
      around.show(connector, kept.resting(connector));
    },
  };
};
