import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server as TlsServer } from 'node:tls';
import { instant, type Adapter, type Log } from '@plugga/kit';
import type { Renewed } from '../site/pending-credentials.ts';
import type { Clock, Random } from '../ports.ts';
import { Admission } from './admission.ts';
import { authenticate, type CertificateCheck, type Transport, type Verdict } from './auth.ts';
import { BackOff } from './back-off.ts';
import { fingerprintOf } from './client-certificate.ts';
import { closeReason } from './close-reason.ts';
import type { Surroundings } from './connection.ts';
import { createConnections } from './connections.ts';
import type { FrameRecorder, StationCredentials, Stations } from './face.ts';
import { adapterFor, aimOf, answerPlain, faultOf, offeredIn, refuseUpgrade } from './handshake.ts';
import { FRAME_BYTES } from './limits.ts';
import { webSockets } from './listeners.ts';
import { knockOverTls } from './tls-knock.ts';
import { Lobby } from './lobby.ts';
import { directTransport } from './transport.ts';
import { webSocketLink } from './web-socket-link.ts';

export interface ChargerServerOptions {
  readonly stations: Stations;
  readonly adapters: readonly Adapter[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly frames: FrameRecorder;
  /** Secret of the installation that station keys are hashed with; as for `hashStationKey`. */
  readonly pepper: Uint8Array;
  readonly onboarding: 'closed' | 'open';
  /** What stations are told at boot. Default 300. */
  readonly heartbeatSeconds?: number;
  readonly checkCertificate?: CertificateCheck;
  /** Where a trusted proxy ends TLS, it says how the request really came. */
  readonly transportOf?: (request: IncomingMessage) => Transport;
  /** A metric of this node counts up. */
  count?(what: string, labels?: Readonly<Record<string, string>>): void;
}

export interface ChargerServer {
  /** Takes over the upgrades of that HTTP server. What is not below /ocpp/ gets 404. */
  attach(http: Server): void;
  /** Answers plain HTTP below /ocpp; false when the request is for somebody else. */
  handlePlain(request: IncomingMessage, response: ServerResponse): boolean;
  readonly connections: number;
  /** Nothing can be kept of what stations say: closes all with 1013 and lets none in, until it can. */
  shut(is: boolean): void;
  /** Lets nobody in any more, waits until what was said is answered, and closes all sockets with 1012. */
  drain(seconds: number): Promise<void>;
}

const HEARTBEAT_SECONDS = 300;
const HANDSHAKES_PER_SECOND = 3000;
const HEADER_SECONDS = 10;
const HOST_CHARACTERS = 255;
const UNAUTHENTICATED_PER_ADDRESS = 5000;
interface Handshake {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly identity: string;
  readonly transport: Transport;
}

/** The door for stations: one HTTP server's upgrades at `/ocpp/<identity>`. */
export function createChargerServer(o: ChargerServerOptions): ChargerServer {
  const { stations, clock, log } = o;
  const count = (what: string, labels?: Readonly<Record<string, string>>): void => o.count?.(what, labels);
  const around: Surroundings = { ...o, heartbeatSeconds: o.heartbeatSeconds ?? HEARTBEAT_SECONDS, count };
  const transportOf = o.transportOf ?? directTransport;
  const admission = new Admission(clock, HANDSHAKES_PER_SECOND);
  const lobby = new Lobby({ perAddress: UNAUTHENTICATED_PER_ADDRESS, seconds: HEADER_SECONDS });
  const backOff = new BackOff(clock);
  const connections = createConnections(around, stations);
  const listenerFor = webSockets();
  const spoken = o.adapters.map((adapter) => adapter.protocol).join(', ');
  let stopTicking: (() => void) | undefined;

  /** One timer for all connections. */
  const tick = (): void => {
    stopTicking = clock.at(instant(clock.now() + 1000), () => {
      tick();
      lobby.tick();
      connections.tick();
    });
  };

  const knock = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    const aim = aimOf(request.url);
    if (aim.kind !== 'station') {
      if (aim.kind === 'invalid') log.info('no identity', { url: JSON.stringify(request.url?.slice(0, 100)) });
      return refuseUpgrade(socket, 404, 'no such path');
    }
    const fault = faultOf(request);
    if (fault !== undefined) return refuseUpgrade(socket, fault.status, fault.why);
    lobby.heard(socket);
    const { identity } = aim;
    const handshake = { request, socket, head, identity, transport: transportOf(request) };
    admission.enter(
      () => {
        if (socket.destroyed) return;
        if (connections.shut) return refuseUpgrade(socket, 503, 'nothing can be stored', { 'Retry-After': '10' });
        if (connections.draining) return refuseUpgrade(socket, 503, 'restarting', { 'Retry-After': '5' });
        enter(handshake).catch((error: unknown) => {
          log.error('handshake failed', { identity, error });
          refuseUpgrade(socket, 503, 'try again later', { 'Retry-After': '10' });
        });
      },
      () => stations.isKnown(identity),
    );
  };

  const enter = async (handshake: Handshake): Promise<void> => {
    const { request, socket, identity, transport } = handshake;
    if (backOff.isFlooding(transport.address, identity))
      return refuseUpgrade(socket, 429, 'too many failed attempts', { 'Retry-After': '60' });
    const offered = offeredIn(request.headers['sec-websocket-protocol']);
    const known = await stations.lookUp(identity);
    // One that offers none speaks what was set for it; the answer names none then.
    const assumed = offered.length === 0 ? known?.defaultProtocol : undefined;
    const adapter = adapterFor(assumed === undefined ? offered : [assumed], o.adapters);
    const adopting = known === undefined && o.onboarding === 'open';
    if (adopting && adapter === undefined) return explain(handshake, offered);
    const credentials = adopting ? await stations.adopt(identity) : known;
    if (credentials === undefined)
      stations.knocked(identity, { address: transport.address, protocols: offered.join(', ').slice(0, 200) });
    const { authorization } = request.headers;
    const verdict = await authenticate({ identity, credentials, authorization, transport }, o);
    if (!verdict.ok || credentials === undefined) return refuse(handshake, verdict, credentials);
    backOff.succeeded(transport.address, identity);
    if (adapter === undefined) return explain(handshake, offered);
    const { securityProfile, renewed } = verdict;
    if (renewed !== undefined) {
      log.info('came with new credentials', { identity, key: renewed.key !== undefined, securityProfile });
      await stations.renewed(credentials, renewed);
    }
    await welcome(handshake, { credentials, adapter, adopted: adopting, securityProfile, renewed });
  };

  const refuse = (handshake: Handshake, verdict: Verdict, credentials: StationCredentials | undefined): void => {
    const { socket, identity, transport } = handshake;
    if (verdict.ok) return;
    const { failures, waitSeconds } = backOff.failed(transport.address, identity);
    count('authentication_failed', { kind: verdict.kind });
    // Floods of a station that is known are counted where they are kept; of a stranger, the thousandth is told less often.
    if (credentials !== undefined || failures <= 5 || Number.isInteger(Math.log2(failures)))
      stations.securityNoted({
        credentials,
        identity,
        kind: verdict.kind,
        detail: `${verdict.why} (from ${transport.address}, ${failures} failed)`,
      });
    const challenge: Record<string, string> =
      verdict.status === 401 ? { 'WWW-Authenticate': 'Basic realm="OCPP", charset="UTF-8"' } : {};
    if (waitSeconds === 0) return refuseUpgrade(socket, verdict.status, verdict.why, challenge);
    const over = backOff.wait(transport.address, identity);
    clock.at(instant(clock.now() + waitSeconds * 1000), () => {
      over();
      if (verdict.status === 404) refuseUpgrade(socket, 404, verdict.why);
      else refuseUpgrade(socket, 429, 'too many failed attempts', { 'Retry-After': String(waitSeconds) });
    });
  };

  /** OCPP-J 1.6 section 3.1.2: no subprotocol in common, so the handshake is completed without one, and closed. */
  const explain = ({ request, socket, head, identity }: Handshake, offered: readonly string[]): void => {
    count('no_subprotocol');
    const what = offered.length === 0 ? 'none' : JSON.stringify(offered.join(', ').slice(0, 40));
    log.warn('no subprotocol in common', { identity, offered: what });
    delete request.headers['sec-websocket-protocol'];
    listenerFor(FRAME_BYTES.unknown, 'plain').handleUpgrade(request, socket, head, (ws) => {
      lobby.leave(socket);
      ws.on('error', () => ws.terminate());
      ws.close(1002, closeReason(`subprotocol: offer ${spoken}; offered was ${what}`));
    });
  };

  const welcome = async (
    handshake: Handshake,
    who: {
      readonly credentials: StationCredentials;
      readonly adapter: Adapter;
      readonly adopted: boolean;
      readonly securityProfile: number;
      readonly renewed: Renewed | undefined;
    },
  ): Promise<void> => {
    const { request, socket, head, identity, transport } = handshake;
    const { credentials, adapter } = who;
    const { station } = credentials;
    const maxPayload = connections.frameBytes(station);
    if (request.headers['sec-websocket-protocol'] !== undefined)
      request.headers['sec-websocket-protocol'] = adapter.protocol;
    const listener = listenerFor(maxPayload, adapter.protocol === 'ocpp1.6' ? 'plain' : 'deflate');
    // Everything that takes time happens before the upgrade: a message that follows it in the same packet is heard.
    const actor = await stations.actor(credentials).catch((error: unknown) => {
      log.warn('state not at hand', { identity, error });
      listener.handleUpgrade(request, socket, head, (ws) => {
        ws.on('error', () => ws.terminate());
        ws.close(1013, 'try again later');
      });
    });
    if (actor === undefined || socket.destroyed) return;
    const generation = await stations.nextGeneration(station, adapter.protocol);
    const certificate = transport.certificate && fingerprintOf(transport.certificate.chain[0]);
    const host = request.headers.host?.slice(0, HOST_CHARACTERS);
    const guest = { ...who, actor, generation, address: transport.address, host, certificate };
    let upgraded = false;
    listener.handleUpgrade(request, socket, head, (ws) => {
      upgraded = true;
      lobby.leave(socket);
      connections.open(guest, webSocketLink(ws, socket));
    });
    if (!upgraded) connections.vanished(guest);
  };

  const attach = (http: Server): void => {
    // Only WebSocket is an upgrade here; `Upgrade: h2c` of an ordinary client is an ordinary request.
    Object.assign(http, {
      shouldUpgradeCallback: (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() === 'websocket',
    });
    const enters = (socket: Duplex): void => {
      const { remoteAddress = '' } = socket as { readonly remoteAddress?: string };
      if (lobby.enter(socket, remoteAddress)) return;
      count('turned_away');
      socket.destroy();
    };
    http.on('connection', enters);
    if (http instanceof TlsServer) knockOverTls(http, { enters, leaves: (socket) => lobby.leave(socket), count });
    http.prependListener('request', (request: IncomingMessage) => lobby.leave(request.socket));
    http.on('upgrade', knock);
    if (stopTicking === undefined) tick();
  };

  return {
    attach,
    shut: (is) => {
      connections.shut = is;
    },
    handlePlain: (request, response) => answerPlain(request, response, spoken),
    get connections() {
      return connections.count;
    },
    drain: async (seconds) => {
      await connections.drain(seconds);
      stopTicking?.();
    },
  };
}
