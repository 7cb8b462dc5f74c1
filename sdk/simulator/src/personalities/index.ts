import type { Protocol } from '../dialect.ts';
import type { Personality } from '../personality.ts';
import { abbTerraAcOld } from './abb-terra-ac-old.ts';
import { abbTerraAc } from './abb-terra-ac.ts';
import { aefaHome } from './aefa-home.ts';
import { alfenEve } from './alfen-eve.ts';
import { amperfiedConnect } from './amperfied-connect.ts';
import { autelMaxicharger } from './autel-maxicharger.ts';
import { availableFirst } from './available-first.ts';
import { benyBcp } from './beny-bcp.ts';
import { chago } from './chago.ts';
import { chargeAmpsHalo } from './charge-amps-halo.ts';
import { charx } from './charx.ts';
import { easee } from './easee.ts';
import { enplus } from './enplus.ts';
import { evboxElvi } from './evbox-elvi.ts';
import { evboxOlder } from './evbox-older.ts';
import { foxess201 } from './foxess-201.ts';
import { foxessA } from './foxess-a.ts';
import { goE } from './go-e.ts';
import { grizzlE } from './grizzl-e.ts';
import { growattThor } from './growatt-thor.ts';
import { halfOpen } from './half-open.ts';
import { huaweiScharger } from './huawei-scharger.ts';
import { kebaGroup } from './keba-group.ts';
import { kwhHalfSaid } from './kwh-half-said.ts';
import { kwhUnsaid } from './kwh-unsaid.ts';
import { latestFirst201 } from './latest-first-201.ts';
import { legrandGreenUp } from './legrand-green-up.ts';
import { lifetimeStart } from './lifetime-start.ts';
import { lowerCaseKeys } from './lower-case-keys.ts';
import { manySubprotocols } from './many-subprotocols.ts';
import { mennekesSmart } from './mennekes-smart.ts';
import { microOcpp201 } from './micro-ocpp-201.ts';
import { microOcpp } from './micro-ocpp.ts';
import { nechargePro } from './necharge-pro.ts';
import { neverBoots } from './never-boots.ts';
import { noConnector201 } from './no-connector-201.ts';
import { nullStops } from './null-stops.ts';
import { openOcpp } from './open-ocpp.ts';
import { openevse } from './openevse.ts';
import { pingAverse } from './ping-averse.ts';
import { projectEv } from './project-ev.ts';
import { sapAbb } from './sap-abb.ts';
import { sapKeba201 } from './sap-keba-201.ts';
import { schneiderEvb } from './schneider-evb.ts';
import { schneiderEvlink } from './schneider-evlink.ts';
import { schneiderSummed } from './schneider-summed.ts';
import { sessionRegisters } from './session-registers.ts';
import { shiv3201 } from './shiv3-201.ts';
import { shiv321 } from './shiv3-21.ts';
import { singleConnector } from './single-connector.ts';
import { statusReplay201 } from './status-replay-201.ts';
import { syncev } from './syncev.ts';
import { tellusPower } from './tellus-power.ts';
import { timxonA0 } from './timxon-a0.ts';
import { tktEv } from './tkt-ev.ts';
import { vcp201 } from './vcp-201.ts';
import { vcp21 } from './vcp-21.ts';
import { vcp } from './vcp.ts';
import { wallboxPulsar5 } from './wallbox-pulsar-5.ts';
import { wallboxPulsar6 } from './wallbox-pulsar-6.ts';

/** Every make that the simulator can be, by its id. */
export const personalities: Readonly<Record<string, Personality>> = Object.fromEntries(
  [
    abbTerraAc,
    abbTerraAcOld,
    aefaHome,
    alfenEve,
    amperfiedConnect,
    autelMaxicharger,
    availableFirst,
    benyBcp,
    chago,
    chargeAmpsHalo,
    charx,
    easee,
    enplus,
    evboxElvi,
    evboxOlder,
    goE,
    grizzlE,
    growattThor,
    halfOpen,
    huaweiScharger,
    kebaGroup,
    kwhHalfSaid,
    kwhUnsaid,
    legrandGreenUp,
    lifetimeStart,
    lowerCaseKeys,
    mennekesSmart,
    microOcpp,
    nechargePro,
    neverBoots,
    nullStops,
    openOcpp,
    openevse,
    pingAverse,
    projectEv,
    sapAbb,
    schneiderEvb,
    schneiderEvlink,
    schneiderSummed,
    sessionRegisters,
    singleConnector,
    syncev,
    tellusPower,
    timxonA0,
    tktEv,
    vcp,
    wallboxPulsar5,
    wallboxPulsar6,
    vcp201,
    shiv3201,
    microOcpp201,
    sapKeba201,
    statusReplay201,
    foxessA,
    manySubprotocols,
    foxess201,
    latestFirst201,
    noConnector201,
    shiv321,
    vcp21,
  ].map((one) => [one.id, one]),
);

/** Those that charge and tell it by that version, for fleets. */
export const mixableOf = (protocol: Protocol): readonly Personality[] =>
  Object.values(personalities).filter(
    (one) => one.mixed !== false && (one.options?.protocol ?? 'ocpp1.6') === protocol,
  );

export const mixable = mixableOf('ocpp1.6');

/** Throws with the names that there are. */
export const personalityOf = (id: string): Personality => {
  const found = Object.hasOwn(personalities, id) ? personalities[id] : undefined;
  if (found === undefined)
    throw new Error(`no personality "${id}"; there are ${Object.keys(personalities).join(', ')}`);
  return found;
};
