import type { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpDeps } from '../deps.ts';
import type { ApiEnv } from '../env.ts';
import { alertRoutes } from './alerts.ts';
import { auditRoutes } from './audit.ts';
import { chargingRoutes } from './charging.ts';
import { commandRoutes } from './commands.ts';
import { deviceRoutes } from './device.ts';
import { deviceTemplateRoutes } from './device-templates.ts';
import { eventRoutes } from './events.ts';
import { dialectRoutes } from './dialect.ts';
import { evseRoutes } from './evses.ts';
import { frameRoutes } from './frames.ts';
import { keyRoutes } from './keys.ts';
import { knockingRoutes } from './knocking.ts';
import { locationRoutes } from './locations.ts';
import { monitorRoutes } from './monitors.ts';
import { meRoutes } from './me.ts';
import { nodeRoutes } from './nodes.ts';
import { noteRoutes } from './notes.ts';
import { orphanRoutes } from './orphans.ts';
import { pluginSettingsRoutes } from './plugin-settings.ts';
import { pluginRoutes } from './plugins.ts';
import { quarantineRoutes } from './quarantine.ts';
import { restoreRoutes } from './restores.ts';
import { securityRoutes } from './security.ts';
import { sessionDetailRoutes } from './session-detail.ts';
import { sessionRoutes } from './sessions.ts';
import { stationRoutes } from './stations.ts';
import { tenantRoutes } from './tenants.ts';
import { tokenRoutes } from './tokens.ts';
import { uiRoutes } from './ui.ts';
import { userRoutes } from './users.ts';

/** The core's resources, one file each. */
export const coreRoutes: readonly ((deps: HttpDeps) => OpenAPIHono<ApiEnv>)[] = [
  meRoutes,
  stationRoutes,
  commandRoutes,
  chargingRoutes,
  dialectRoutes,
  deviceRoutes,
  deviceTemplateRoutes,
  monitorRoutes,
  alertRoutes,
  noteRoutes,
  knockingRoutes,
  evseRoutes,
  securityRoutes,
  sessionRoutes,
  sessionDetailRoutes,
  orphanRoutes,
  tokenRoutes,
  locationRoutes,
  tenantRoutes,
  keyRoutes,
  userRoutes,
  pluginRoutes,
  uiRoutes,
  nodeRoutes,
  pluginSettingsRoutes,
  auditRoutes,
  frameRoutes,
  quarantineRoutes,
  restoreRoutes,
  eventRoutes,
];
