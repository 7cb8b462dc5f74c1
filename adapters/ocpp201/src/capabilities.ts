import type { Capabilities, StationView } from '@plugga/kit';

const wordsOf = (text: string | undefined): readonly string[] | undefined => {
  const words = text?.split(',').flatMap((it) => it.trim() || []);
  return words === undefined || words.length === 0 ? undefined : words;
};
const countOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : undefined;
const flagOf = (text: string | undefined): boolean | undefined =>
  text === undefined ? undefined : /^\s*true\s*$/i.test(text) ? true : /^\s*false\s*$/i.test(text) ? false : undefined;

/** Controllers that are there as a whole or not: what 1.6 calls its profiles. */
const PARTS = [
  'LocalAuthListCtrlr',
  'ReservationCtrlr',
  'SmartChargingCtrlr',
  'DisplayMessageCtrlr',
  'TariffCostCtrlr',
];
const MORE = ['MonitoringCtrlr', 'ISO15118Ctrlr', 'AuthCacheCtrlr', 'V2XChargingCtrlr', 'DERCtrlr'];

const unitsOf = (text: string | undefined): readonly ('W' | 'A')[] | undefined => {
  const units = (['W', 'A'] as const).filter((unit) => wordsOf(text)?.some((word) => word.toUpperCase() === unit));
  return units.length === 0 ? undefined : units;
};

/** Of tariffs and of costs it says it apart: it has the part where it has one of them. */
const INSTANCES: Readonly<Record<string, readonly string[]>> = { TariffCostCtrlr: ['.Tariff', '.Cost'] };

function hasPart(at: (name: string) => string | undefined, part: string): boolean | undefined {
  const said = (variable: string): boolean | undefined => {
    const flags = ['', ...(INSTANCES[part] ?? [])].map((instance) => flagOf(at(`${part}/${variable}${instance}`)));
    return flags.includes(true) ? true : flags.find((it) => it !== undefined);
  };
  return said('Available') ?? said('Enabled');
}

/** What a station of 2.x says it can do, by the variables of its controllers (2.0.1 Part 2, referenced components and variables). */
export function capabilities(station: StationView): Capabilities {
  const at = (name: string): string | undefined => station.variable(name);
  const parts = [...PARTS, ...MORE].map((name) => [name, hasPart(at, name)] as const);
  const isTold = parts.some(([, has]) => has !== undefined);
  return {
    profiles: isTold ? parts.filter(([, has]) => has === true).map(([name]) => name) : undefined,
    evses: undefined,
    measurands: wordsOf(at('SampledDataCtrlr/TxUpdatedMeasurands')),
    alignedMeasurands: wordsOf(at('AlignedDataCtrlr/Measurands')),
    chargingRateUnits: unitsOf(at('SmartChargingCtrlr/RateUnit')),
    maxStackLevel: countOf(at('SmartChargingCtrlr/ProfileStackLevel')),
    maxSchedulePeriods: countOf(at('SmartChargingCtrlr/PeriodsPerSchedule')),
    maxProfiles: countOf(at('SmartChargingCtrlr/Entries.ChargingProfiles')),
    localListLength: undefined,
    localListPerMessage: countOf(at('LocalAuthListCtrlr/ItemsPerMessage')),
    variablesPerRead: countOf(at('DeviceDataCtrlr/ItemsPerMessage.GetVariables')),
    reservesWholeStation: flagOf(at('ReservationCtrlr/NonEvseSpecific')),
    switchesPhases: flagOf(at('SmartChargingCtrlr/Phases3to1')),
    securityProfile: countOf(at('SecurityCtrlr/SecurityProfile')),
  };
}
