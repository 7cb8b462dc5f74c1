import type { Quirk } from '@plugga/kit';
import { abbTerraAc, abbTerraAcStackLevel } from './abb-terra-ac.ts';
import { aefa } from './aefa.ts';
import { alfen } from './alfen.ts';
import { amperfied } from './amperfied.ts';
import { autel } from './autel.ts';
import { beny } from './beny.ts';
import { chargeAmps } from './charge-amps.ts';
import { easee } from './easee.ts';
import { enplus } from './enplus.ts';
import { etrel } from './etrel.ts';
import { evboxElvi, evboxStationLimit } from './evbox.ts';
import { foxess } from './foxess.ts';
import { grizzlE } from './grizzl-e.ts';
import { growatt } from './growatt.ts';
import { huawei } from './huawei.ts';
import { keba } from './keba.ts';
import { mennekes } from './mennekes.ts';
import { necharge } from './necharge.ts';
import { openEvse } from './openevse.ts';
import { phoenixContact } from './phoenix-contact.ts';
import { schneider } from './schneider.ts';
import { timxon } from './timxon.ts';
import { vcp } from './vcp.ts';
import { wallbox, wallbox6 } from './wallbox.ts';

/** In this order the first that matches a station wins, hook by hook. Huawei matches stations without a vendor: it stands last. */
export const quirks: readonly Quirk[] = [
  abbTerraAc,
  abbTerraAcStackLevel,
  aefa,
  alfen,
  amperfied,
  autel,
  beny,
  chargeAmps,
  easee,
  enplus,
  etrel,
  evboxElvi,
  evboxStationLimit,
  foxess,
  grizzlE,
  growatt,
  keba,
  mennekes,
  necharge,
  openEvse,
  phoenixContact,
  schneider,
  timxon,
  vcp,
  wallbox6,
  wallbox,
  huawei,
];
