import type { LedgerEntry } from '../ledger.ts';
import { aVehicle, type Vehicle } from '../physics/vehicle.ts';
import type { Charge } from '../station.ts';
import type { Answered } from '../wire/calls.ts';
import { type Connector, idTagStatus, restingStatus } from './connector.ts';
import { type Around, begin, end } from './transactions.ts';

/** What somebody who stands before the station does: plugs, holds a token to the reader, unplugs; or has an app do it. */
export interface Driver {
  plugIn(connector: number, vehicle?: Vehicle): void;
  unplug(connector: number): void;
  present(connector: number, idTag: string): Promise<string>;
  charge(visit: Charge): Promise<LedgerEntry>;
  /** Accepted by the station: starts when a car is plugged. */
  remoteStart(connector: Connector, idTag: string): void;
}

export const driver = (
  around: Around,
  o: {
    readonly connectorOf: (number: number) => Connector;
    readonly ready: () => boolean;
    readonly call: (action: string, payload: Record<string, unknown>) => Promise<Answered>;
    readonly carOnRemoteStart: Vehicle | undefined;
  },
): Driver => {
  const { identity, clock, configuration, show } = around;
  /** Tokens that the CSMS has accepted before: good enough while it cannot be asked. */
  const cache = new Set<string>();

  const authorize = async (idTag: string): Promise<string> => {
    const answered = o.ready() ? await o.call('Authorize', { idTag }) : undefined;
    if (answered?.kind === 'result') {
      const status = idTagStatus(answered.payload);
      if (status === 'Accepted') cache.add(idTag);
      else cache.delete(idTag);
      return status;
    }
    const cached = configuration.on('LocalAuthorizeOffline') && cache.has(idTag);
    return cached || configuration.on('AllowOfflineTxForUnknownId') ? 'Accepted' : 'Invalid';
  };
  const present = async (number: number, idTag: string): Promise<string> => {
    const connector = o.connectorOf(number);
    const status = await authorize(idTag);
    around.emit({ kind: 'authorized', idTag, status });
    const free = connector.running === undefined && connector.outlet.vehicle() !== undefined && connector.operative;
    if (status === 'Accepted' && free) begin(around, connector, idTag);
    return status;
  };
  const plugIn = (number: number, vehicle = aVehicle()): void => {
    const connector = o.connectorOf(number);
    connector.outlet.advance(clock.now());
    connector.outlet.plug(vehicle);
    show(connector, restingStatus(connector));
    const { remote } = connector;
    if (remote === undefined) return;
    remote.cancel();
    delete connector.remote;
    begin(around, connector, remote.idTag);
  };
  const unplug = (number: number): void => {
    const connector = o.connectorOf(number);
    connector.outlet.advance(clock.now());
    if (connector.running !== undefined && configuration.on('StopTransactionOnEVSideDisconnect')) {
      end(around, connector, { reason: 'EVDisconnected' });
    }
    connector.outlet.unplug();
    show(connector, restingStatus(connector));
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
  const start = (connector: Connector, idTag: string): void => {
    if (connector.running !== undefined) return;
    if (connector.outlet.vehicle() !== undefined) return void begin(around, connector, idTag);
    connector.remote?.cancel();
    const cancel = clock.after(configuration.seconds('ConnectionTimeOut') * 1_000, () => {
      delete connector.remote;
      show(connector, restingStatus(connector));
    });
    connector.remote = { idTag, cancel };
    if (o.carOnRemoteStart === undefined) show(connector, 'Preparing');
    else plugIn(connector.number, o.carOnRemoteStart);
  };
  const remoteStart = (connector: Connector, idTag: string): void => {
    if (!configuration.on('AuthorizeRemoteTxRequests')) return start(connector, idTag);
    void authorize(idTag).then((status) => {
      if (status === 'Accepted') start(connector, idTag);
    });
  };
  return { plugIn, unplug, present, charge, remoteStart };
};
