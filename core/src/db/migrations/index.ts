import type { MigrationStep } from '@plugga/kit';
import * as schemas from './0001-schemas.ts';
import * as sites from './0002-sites.ts';
import * as tokens from './0003-tokens.ts';
import * as eventLog from './0004-event-log.ts';
import * as sessions from './0005-sessions.ts';
import * as commands from './0006-commands.ts';
import * as access from './0007-access.ts';
import * as frames from './0008-frames.ts';
import * as plugins from './0009-plugins.ts';
import * as views from './0010-views.ts';
import * as orphans from './0011-orphans.ts';
import * as archive from './0012-archive.ts';
import * as nodes from './0015-nodes.ts';
import * as onlineStations from './0016-online-stations.ts';
import * as restores from './0019-restores.ts';
import * as localLists from './0023-local-lists.ts';
import * as commandEffects from './0024-command-effects.ts';
import * as securityEvents from './0025-security-events.ts';
import * as pendingCredentials from './0026-pending-credentials.ts';
import * as deviations from './0027-deviations.ts';
import * as stationManners from './0028-station-manners.ts';
import * as deviceTemplates from './0030-device-templates.ts';
import * as deviceModel from './0033-device-model.ts';
import * as sessionSigned from './0035-session-signed.ts';
import * as deviceEvents from './0036-device-events.ts';
import * as customerInformation from './0040-customer-information.ts';
import * as settingsView from './0041-settings-view.ts';
import * as statistics from './0042-statistics.ts';
import * as stationNotes from './0043-station-notes.ts';

/** A step of the core's schema. */
export interface CoreMigration extends MigrationStep {
  /** Statement by statement without a transaction, for `create index concurrently`; all of it may be run twice. */
  readonly apart?: boolean;
}

/** Forward only, one purpose each, safe while the version before still runs: CONTRIBUTING, "A migration". */
export const migrations: Readonly<Record<string, CoreMigration>> = {
  '0001-schemas': schemas,
  '0002-sites': sites,
  '0003-tokens': tokens,
  '0004-event-log': eventLog,
  '0005-sessions': sessions,
  '0006-commands': commands,
  '0007-access': access,
  '0008-frames': frames,
  '0009-plugins': plugins,
  '0010-views': views,
  '0011-orphans': orphans,
  '0012-archive': archive,
  '0015-nodes': nodes,
  '0016-online-stations': onlineStations,
  '0019-restores': restores,
  '0023-local-lists': localLists,
  '0024-command-effects': commandEffects,
  '0025-security-events': securityEvents,
  '0026-pending-credentials': pendingCredentials,
  '0027-deviations': deviations,
  '0028-station-manners': stationManners,
  '0030-device-templates': deviceTemplates,
  '0033-device-model': deviceModel,
  '0035-session-signed': sessionSigned,
  '0036-device-events': deviceEvents,
  '0040-customer-information': customerInformation,
  '0041-settings-view': settingsView,
  '0042-statistics': statistics,
  '0043-station-notes': stationNotes,
};
