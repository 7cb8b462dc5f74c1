import type { Firmware, Update } from './firmware.ts';
import type { Upload, Uploads, Wanted, WantedLog } from './uploads.ts';

/** What commands may ask of the station's files: its firmware, diagnostics and logs. */
export interface Maintenance {
  diagnostics(wanted: Wanted): Upload;
  log(wanted: WantedLog): Upload;
  update(update: Update): ReturnType<Firmware['update']>;
  /** The payload of a status that was asked for; undefined when the message is none of these. */
  statusOf(action: string): Record<string, unknown> | undefined;
}

export const maintenance = (uploads: Uploads, firmware: Firmware): Maintenance => {
  // A signed update has a number; a plain one is told by the plain message only.
  const plain = (): Record<string, unknown> => ({
    status: firmware.status.requestId === undefined ? firmware.status.status : 'Idle',
  });
  const signed = (): Record<string, unknown> =>
    firmware.status.requestId === undefined ? { status: 'Idle' } : firmware.status;
  const statuses: Readonly<Record<string, () => Record<string, unknown>>> = {
    DiagnosticsStatusNotification: () => ({ status: uploads.diagnosticsStatus }),
    FirmwareStatusNotification: plain,
    LogStatusNotification: () => ({ ...uploads.logStatus }),
    SignedFirmwareStatusNotification: () => ({ ...signed() }),
  };
  return {
    diagnostics: uploads.diagnostics,
    log: uploads.log,
    update: firmware.update,
    statusOf: (action) => (Object.hasOwn(statuses, action) ? statuses[action]?.() : undefined),
  };
};
