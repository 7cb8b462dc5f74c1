import type { StationClock } from '../../clock.ts';
import { diagnosticsStatusNotification } from '../messages/diagnostics-status-notification.ts';
import { logStatusNotification } from '../messages/log-status-notification.ts';
import type { Logbook } from './logbook.ts';
import { pause } from './pause.ts';
import type { Transfer, Uploaded } from './transfer.ts';

/** A file that the CSMS wants. */
export interface Wanted {
  readonly location: string;
  readonly retries?: number | undefined;
  readonly retrySeconds?: number | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface WantedLog extends Wanted {
  readonly kind: 'DiagnosticsLog' | 'SecurityLog';
  readonly requestId: number;
}

/** The answer, and the upload itself, to begin once the answer is out. */
export interface Upload {
  readonly answer: 'Accepted' | 'AcceptedCanceled';
  readonly fileName: string;
  readonly begin: () => void;
}

export interface Uploads {
  diagnostics(wanted: Wanted): Upload;
  log(wanted: WantedLog): Upload;
  /** What a trigger tells. */
  readonly diagnosticsStatus: string;
  readonly logStatus: { readonly status: string; readonly requestId?: number };
  stop(): void;
}

const RETRY_SECONDS = 10;

export const uploads = (o: {
  readonly identity: string;
  readonly clock: StationClock;
  readonly transfer: Transfer;
  readonly logbook: Logbook;
  readonly tell: (action: string, payload: Record<string, unknown>) => void;
}): Uploads => {
  let diagnosticsStatus = 'Idle';
  let logStatus: { status: string; requestId?: number } = { status: 'Idle' };
  const running: { diagnostics?: AbortController; log?: AbortController } = {};

  const nameOf = (kind: string): string => {
    const at = new Date(o.clock.now()).toISOString().replaceAll(/[:.]/g, '-');
    return `${o.identity.replaceAll(/[^\w-]/g, '_')}-${kind}-${at}.log`;
  };
  const put = async (wanted: Wanted, file: { name: string; text: string }, signal: AbortSignal): Promise<Uploaded> => {
    for (let left = wanted.retries ?? 0; ; left -= 1) {
      const uploaded = await o.transfer.upload(wanted.location, file, signal);
      if (uploaded.ok || left <= 0 || signal.aborted) return uploaded;
      await pause(o.clock, (wanted.retrySeconds ?? RETRY_SECONDS) * 1_000, signal);
    }
  };
  const textOf = (wanted: Wanted, security: boolean): string =>
    o.logbook.text({ security, from: wanted.from, to: wanted.to });

  return {
    diagnostics(wanted) {
      const fileName = nameOf('diagnostics');
      const tell = (status: string): void => {
        diagnosticsStatus = status === 'Uploading' ? status : 'Idle';
        o.tell('DiagnosticsStatusNotification', diagnosticsStatusNotification(status));
      };
      return {
        answer: 'Accepted',
        fileName,
        async begin() {
          running.diagnostics?.abort();
          const own = (running.diagnostics = new AbortController());
          tell('Uploading');
          const file = { name: fileName, text: textOf(wanted, false) };
          const { ok } = await put(wanted, file, own.signal);
          if (!own.signal.aborted) tell(ok ? 'Uploaded' : 'UploadFailed');
        },
      };
    },
    log(wanted) {
      const { kind, requestId } = wanted;
      const fileName = nameOf(kind === 'SecurityLog' ? 'security' : 'diagnostics');
      const busy = logStatus.status === 'Uploading';
      const tell = (status: string): void => {
        logStatus = status === 'Uploading' ? { status, requestId } : { status: 'Idle' };
        o.tell('LogStatusNotification', logStatusNotification({ status, requestId }));
      };
      return {
        // A new request takes the place of the one that is running (security extension, use case N01).
        answer: busy ? 'AcceptedCanceled' : 'Accepted',
        fileName,
        async begin() {
          running.log?.abort();
          const own = (running.log = new AbortController());
          tell('Uploading');
          const file = { name: fileName, text: textOf(wanted, kind === 'SecurityLog') };
          const uploaded = await put(wanted, file, own.signal);
          if (!own.signal.aborted) tell(uploaded.ok ? 'Uploaded' : uploaded.why);
        },
      };
    },
    get diagnosticsStatus() {
      return diagnosticsStatus;
    },
    get logStatus() {
      return logStatus;
    },
    stop() {
      running.diagnostics?.abort();
      running.log?.abort();
      diagnosticsStatus = 'Idle';
      logStatus = { status: 'Idle' };
    },
  };
};
