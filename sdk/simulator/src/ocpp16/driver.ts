import type { LedgerEntry } from '../ledger.ts';
import { aVehicle, type Vehicle } from '../physics/vehicle.ts';
import type { Charge } from '../station.ts';
import type { Authorizer } from './authorization/authorizer.ts';
import { type Connector, isFree } from './connector.ts';
import type { Beginning, Transactions } from '../dialect.ts';
import type { Around } from './transactions.ts';

/** What somebody who stands before the station does: plugs, holds a token to the reader, unplugs; or has an app do it. */
export interface Driver {
  plugIn(connector: number, vehicle?: Vehicle): void;
  unplug(connector: number): void;
  /** `shown`: what goes out with the token in its question. */
  present(connector: number, idTag: string, shown?: Readonly<Record<string, unknown>>): Promise<string>;
  charge(visit: Charge): Promise<LedgerEntry>;
  /** Accepted by the station: starts when a car is plugged. */
  remoteStart(connector: Connector, idTag: string, profile: unknown, remoteStartId?: number): void;
}

export const driver = (
  around: Around,
  tx: Transactions,
  o: {
    readonly connectorOf: (number: number) => Connector;
    readonly authorizer: Authorizer;
    /** Whether the connector is kept for somebody else. */
    readonly kept: (connector: Connector, by: { idTag: string; parentIdTag?: string | undefined }) => boolean;
    readonly carOnRemoteStart: Vehicle | undefined;
  },
): Driver => {
  const { identity, clock, configuration, show } = around;
  const { authorizer } = o;

  const present: Driver['present'] = async (number, idTag, shown) => {
    const connector = o.connectorOf(number);
    const { status, parentIdTag } = await authorizer.authorize(idTag, shown);
    around.emit({ kind: 'authorized', idTag, status });
    if (status !== 'Accepted') return status;
    if (o.kept(connector, { idTag, parentIdTag })) return 'Reserved';
    if (isFree(connector) && connector.outlet.vehicle() !== undefined) tx.begin(connector, idTag);
    return status;
  };
  const startRemotely = (connector: Connector, idTag: string, profile: unknown, how: Beginning): void => {
    tx.begin(connector, idTag, how);
    if (profile !== undefined) around.charging.set(connector.number, profile);
  };
  const plugIn = (number: number, vehicle = aVehicle()): void => {
    const connector = o.connectorOf(number);
    around.advance();
    connector.outlet.plug(vehicle);
    show(connector, around.resting(connector));
    const { remote } = connector;
    tx.plugged(connector);
    if (remote !== undefined) {
      remote.cancel();
      delete connector.remote;
      startRemotely(connector, remote.idTag, remote.profile, { ...remote.how, plugged: true });
    }
    around.emit({ kind: 'plugged', connector: number });
  };
  const unplug = (number: number): void => {
    const connector = o.connectorOf(number);
    around.advance();
    if (connector.running !== undefined && configuration.on('StopTransactionOnEVSideDisconnect')) {
      tx.end(connector, { reason: 'EVDisconnected' });
    }
    connector.outlet.unplug();
    tx.unplugged(connector);
    if (connector.running === undefined) show(connector, around.resting(connector));
    else show(connector, 'SuspendedEV');
    around.emit({ kind: 'unplugged', connector: number });
  };
  const charge = async (visit: Charge): Promise<LedgerEntry> => {
    const number = visit.connector ?? 1;
    const connector = o.connectorOf(number);
    plugIn(number, visit.vehicle);
    if (connector.running === undefined) {
      const status = await present(number, visit.idTag);
      if (status !== 'Accepted') throw new Error(`${identity}: token ${visit.idTag} was answered ${status}`);
    }
    const { running } = connector;
    if (running === undefined) throw new Error(`${identity}: connector ${number} did not start`);
    running.visit = {
      ...(visit.stopAfterWh === undefined ? {} : { wh: visit.stopAfterWh }),
      ...(visit.stopAfterSeconds === undefined ? {} : { ms: visit.stopAfterSeconds * 1_000 }),
    };
    const entry = await new Promise<LedgerEntry>((done) => void running.ended.push(done));
    unplug(number);
    return entry;
  };
  const start = (connector: Connector, idTag: string, profile: unknown, how: Beginning): void => {
    if (connector.running !== undefined) return;
    if (connector.outlet.vehicle() !== undefined) return startRemotely(connector, idTag, profile, how);
    connector.remote?.cancel();
    const cancel = clock.after(configuration.number('ConnectionTimeOut') * 1_000, () => {
      delete connector.remote;
      tx.abandoned(connector);
      show(connector, around.resting(connector));
    });
    connector.remote = { idTag, profile, how, cancel };
    tx.expected(connector, idTag, how);
    if (o.carOnRemoteStart === undefined) show(connector, 'Preparing');
    else plugIn(connector.number, o.carOnRemoteStart);
  };
  const remoteStart: Driver['remoteStart'] = (connector, idTag, profile, remoteStartId) => {
    const how = { remote: true, ...(remoteStartId === undefined ? {} : { remoteStartId }) };
    if (!configuration.on('AuthorizeRemoteTxRequests')) return start(connector, idTag, profile, how);
    void authorizer.authorize(idTag).then(({ status }) => {
      if (status === 'Accepted') start(connector, idTag, profile, how);
    });
  };
  return { plugIn, unplug, present, charge, remoteStart };
};
