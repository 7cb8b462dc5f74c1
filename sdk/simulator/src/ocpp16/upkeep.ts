import type { StationClock } from '../clock.ts';
import type { StationEvent } from '../events.ts';
import type { StationOptions } from '../station.ts';
import type { Answered } from '../wire/calls.ts';
import type { Configuration } from './configuration.ts';
import { firmware, type Firmware } from './maintenance/firmware.ts';
import { logbook, type Logbook } from './maintenance/logbook.ts';
import { maintenance, type Maintenance } from './maintenance/maintenance.ts';
import { transfer } from './maintenance/transfer.ts';
import { uploads } from './maintenance/uploads.ts';
import { notices, type Notices } from './notices.ts';
import type { Remembered } from './remember.ts';
import { certificateStore, type CertificateStore } from './security/certificates.ts';
import { isSignatureOf } from './security/firmware-signature.ts';
import { security, type Security } from './security/security.ts';

/** What keeps the station running: its firmware, files, certificates and what it tells of them. */
export interface Upkeep {
  readonly logbook: Logbook;
  readonly notices: Notices;
  readonly firmware: Firmware;
  readonly maintenance: Maintenance;
  readonly security: Security;
  readonly store: CertificateStore;
  stop(): void;
}

export const upkeep = (o: {
  readonly options: StationOptions;
  readonly clock: StationClock;
  readonly configuration: Configuration;
  readonly serialNumber: string;
  readonly stamp: (at: number) => string;
  readonly ready: () => boolean;
  readonly call: (action: string, payload: Record<string, unknown>) => Promise<Answered>;
  readonly emit: (event: StationEvent) => void;
  readonly idle: (signal: AbortSignal) => Promise<void>;
  readonly restart: (version: string | undefined) => Promise<void>;
  /** Its own certificate has changed. */
  readonly renewed: () => void;
  readonly past: Remembered | undefined;
}): Upkeep => {
  const { options, clock, configuration, past } = o;
  const log = logbook(clock.now);
  const waiting = notices({
    ready: o.ready,
    async call(action, payload) {
      const answer = await o.call(action, payload);
      if (answer.kind === 'result') o.emit({ kind: 'told', action, payload });
      return answer;
    },
  });
  const files = transfer({ uploadWith: options.uploadWith ?? 'PUT' });
  const inFactory = [
    ...(options.manufacturerRoots ?? []).map((pem) => ({ type: 'ManufacturerRootCertificate' as const, pem })),
    ...(options.centralSystemRoots ?? []).map((pem) => ({ type: 'CentralSystemRootCertificate' as const, pem })),
  ];
  const store = certificateStore(
    () => configuration.number('CertificateStoreMaxLength'),
    past?.certificates ?? inFactory,
  );
  const guard = security({
    serialNumber: o.serialNumber,
    configuration,
    store,
    now: clock.now,
    stamp: o.stamp,
    log: (line) => log.write(line, 'security'),
    notify: waiting.push,
    call: o.call,
    renewed: o.renewed,
    past: past?.own,
  });
  const image = firmware({
    clock,
    transfer: files,
    tell: waiting.push,
    quiet: waiting.quiet,
    verify: isSignatureOf,
    securityEvent: guard.event,
    idle: o.idle,
    restart: o.restart,
  });
  const sent = uploads({ identity: options.identity, clock, transfer: files, logbook: log, tell: waiting.push });
  return {
    logbook: log,
    notices: waiting,
    firmware: image,
    maintenance: maintenance(sent, image),
    security: guard,
    store,
    stop() {
      image.stop();
      sent.stop();
    },
  };
};
