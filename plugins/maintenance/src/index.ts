import { join } from 'node:path';
import { commandChanged, definePlugin, firmwareChanged, on, secret, tables, z } from '@plugga/kit';
import { createCampaigns } from './campaigns.ts';
import { type MaintenanceTables, migrations } from './migrations.ts';
import { uploadDoor, uploadRoutes } from './uploads.ts';

const config = z.object({
  /** The largest file that a station may send. */
  uploadMiB: z.number().int().min(1).max(512).default(64),
  /** How long a station may take to send it. */
  uploadHours: z.number().int().min(1).max(720).default(24),
});
const settings = z.object({
  /** For stations that know nothing but FTP: `ftp://user:password@host/folder/`. */
  ftp: secret(
    z
      .string()
      .max(512)
      .regex(/^(ftps?|sftp):\/\/[^\s]+$/i),
  ).optional(),
});
export type Config = z.output<typeof config>;
export type Settings = z.output<typeof settings>;

/** Looks after stations: new firmware in waves, and their diagnostics and logs fetched to us. */
export const maintenance = definePlugin({
  name: 'maintenance',
  config,
  settings,
  tables: tables<MaintenanceTables>(),
  migrations,
  setup: (context) => {
    const campaigns = createCampaigns(context);
    return {
      on: [
        on(commandChanged, async ({ data }, tx) => {
          if (data.name === 'updateFirmware') await campaigns.commandHeard(tx, data);
        }),
        on(firmwareChanged, async ({ station, data: { status } }, tx) => {
          if (station !== undefined) await campaigns.progressHeard(tx, station, status);
        }),
      ],
      routes: {
        '/firmware-campaigns': campaigns.routes,
        '/uploads': uploadRoutes(context),
        '/upload': uploadDoor(context),
      },
      web: { root: join(import.meta.dirname, '..') },
      ui: [
        {
          ...{ host: 'console', slot: 'network', path: 'campaigns', module: 'campaigns.js' },
          title: { en: 'Firmware', sv: 'Uppdateringar' },
        },
        { host: 'console', slot: 'station', path: 'logs', title: { en: 'Logs', sv: 'Loggar' }, module: 'uploads.js' },
      ],
    };
  },
});
