import { definePlugin, secret, tables, z } from '@plugga/kit';
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

/** Looks after stations: fetches their diagnostics and logs to us. */
export const maintenance = definePlugin({
  name: 'maintenance',
  config,
  settings,
  tables: tables<MaintenanceTables>(),
  migrations,
  setup: (context) => ({
    routes: { '/uploads': uploadRoutes(context), '/upload': uploadDoor(context) },
  }),
});
