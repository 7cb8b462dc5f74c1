import type { StationClock } from '../../clock.ts';
import { firmwareStatusNotification } from '../messages/firmware-status-notification.ts';
import { signedFirmwareStatusNotification } from '../messages/signed-firmware-status-notification.ts';
import { pause } from './pause.ts';
import type { Transfer } from './transfer.ts';

export interface Update {
  readonly location: string;
  readonly retrieveAt: number;
  readonly installAt?: number | undefined;
  readonly retries?: number | undefined;
  readonly retrySeconds?: number | undefined;
  /** Its number, where the version has one for every update: told by the message that carries it. */
  readonly requestId?: number;
  /** A SignedUpdateFirmware. */
  readonly signed?: { readonly requestId: number; readonly certificate: string; readonly signature: string };
}

/** One update at a time: downloaded, verified, installed when nobody charges, and told step by step. */
export interface Firmware {
  update(update: Update): { readonly answer: 'Accepted' | 'AcceptedCanceled'; readonly begin: () => void };
  /** What a trigger tells. */
  readonly status: { readonly status: string; readonly requestId?: number };
  /** The next installation fails. */
  breakInstall(): void;
  stop(): void;
}

const RETRY_SECONDS = 10;
const INSTALL_SECONDS = 5;

/** The version that an image says it is: the first that stands in it, else in its name. */
const versionOf = (image: Buffer, location: string): string | undefined => {
  const version = /\d+\.\d+(?:\.\d+)*/;
  const name = new URL(location).pathname.split('/').at(-1) ?? '';
  return version.exec(image.subarray(0, 256).toString('latin1'))?.[0] ?? version.exec(name)?.[0];
};

export const firmware = (o: {
  readonly clock: StationClock;
  readonly transfer: Transfer;
  readonly tell: (action: string, payload: Record<string, unknown>) => void;
  /** Resolves when what was told is delivered, or has no line to go by. */
  readonly quiet: () => Promise<void>;
  readonly verify: (image: Buffer, signed: NonNullable<Update['signed']>) => boolean;
  readonly securityEvent: (type: string, about: string) => void;
  /** Resolves when nobody charges. */
  readonly idle: (signal: AbortSignal) => Promise<void>;
  /** Starts anew with that version; resolves when the CSMS has accepted its boot. */
  readonly restart: (version: string | undefined) => Promise<void>;
}): Firmware => {
  let state: { status: string; requestId?: number } = { status: 'Idle' };
  let running: AbortController | undefined;
  let breaking = false;

  const fetched = async (update: Update, signal: AbortSignal): Promise<Buffer | undefined> => {
    for (let left = update.retries ?? 0; ; left -= 1) {
      const image = await o.transfer.download(update.location, signal);
      if (image !== undefined || left <= 0 || signal.aborted) return image;
      await pause(o.clock, (update.retrySeconds ?? RETRY_SECONDS) * 1_000, signal);
    }
  };
  const run = async (update: Update, signal: AbortSignal): Promise<void> => {
    const { signed, requestId = signed?.requestId } = update;
    const tell = (status: string): void => {
      state = requestId === undefined ? { status } : { status, requestId };
      if (requestId === undefined) o.tell('FirmwareStatusNotification', firmwareStatusNotification(status));
      else o.tell('SignedFirmwareStatusNotification', signedFirmwareStatusNotification({ status, requestId }));
    };
    const until = async (at: number, scheduled: string): Promise<boolean> => {
      if (at <= o.clock.now()) return !signal.aborted;
      // The plain FirmwareStatusNotification has no word for waiting (OCPP 1.6 section 7.25).
      if (requestId !== undefined) tell(scheduled);
      return pause(o.clock, at - o.clock.now(), signal);
    };

    if (!(await until(update.retrieveAt, 'DownloadScheduled'))) return;
    tell('Downloading');
    const image = await fetched(update, signal);
    if (signal.aborted) return;
    if (image === undefined) return tell('DownloadFailed');
    tell('Downloaded');
    if (signed !== undefined) {
      const genuine = o.verify(image, signed);
      tell(genuine ? 'SignatureVerified' : 'InvalidSignature');
      if (!genuine) return o.securityEvent('InvalidFirmwareSignature', update.location);
    }
    if (!(await until(update.installAt ?? 0, 'InstallScheduled'))) return;
    await o.idle(signal);
    if (signal.aborted) return;
    tell('Installing');
    if (!(await pause(o.clock, INSTALL_SECONDS * 1_000, signal))) return;
    if (breaking || image.length === 0) {
      breaking = false;
      return tell('InstallationFailed');
    }
    if (requestId !== undefined) tell('InstallRebooting');
    await o.quiet();
    await o.restart(versionOf(image, update.location));
    if (signal.aborted) return;
    tell('Installed');
    o.securityEvent('FirmwareUpdated', update.location);
  };

  return {
    update(update) {
      const busy = running !== undefined;
      return {
        answer: busy ? 'AcceptedCanceled' : 'Accepted',
        async begin() {
          running?.abort();
          const own = (running = new AbortController());
          await run(update, own.signal);
          if (running !== own) return;
          running = undefined;
          state = { status: 'Idle' };
        },
      };
    },
    get status() {
      return state;
    },
    breakInstall() {
      breaking = true;
    },
    stop() {
      running?.abort();
      running = undefined;
      state = { status: 'Idle' };
    },
  };
};
