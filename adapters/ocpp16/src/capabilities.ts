import type { Capabilities, StationView } from '@plugga/kit';

const wordsOf = (text: string | undefined): readonly string[] | undefined => {
  const words = text
    ?.split(',')
    .map((it) => it.trim())
    .filter((it) => it !== '');
  return words === undefined || words.length === 0 ? undefined : words;
};
const countOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : undefined;
const flagOf = (text: string | undefined): boolean | undefined =>
  text === undefined ? undefined : /^\s*true\s*$/i.test(text) ? true : /^\s*false\s*$/i.test(text) ? false : undefined;

const UNITS: readonly (readonly [RegExp, 'W' | 'A'])[] = [
  [/^(power|w)$/i, 'W'],
  [/^(current|a)$/i, 'A'],
];
/** `Current` and `Power` (section 9.4.2); stations write `A` and `W` too. */
const unitsOf = (text: string | undefined): readonly ('W' | 'A')[] | undefined => {
  const units = wordsOf(text)?.flatMap((word) => UNITS.filter(([is]) => is.test(word)).map(([, unit]) => unit));
  return units === undefined || units.length === 0 ? undefined : [...new Set(units)];
};

/** What a 1.6 station says it can do, by the configuration keys that it has told (OCPP 1.6 section 9). */
export function capabilities(station: StationView): Capabilities {
  const at = (name: string): string | undefined => station.variable(name);
  return {
    profiles: wordsOf(at('SupportedFeatureProfiles')),
    evses: countOf(at('NumberOfConnectors')),
    measurands: wordsOf(at('MeterValuesSampledData')),
    alignedMeasurands: wordsOf(at('MeterValuesAlignedData')),
    chargingRateUnits: unitsOf(at('ChargingScheduleAllowedChargingRateUnit')),
    maxStackLevel: countOf(at('ChargeProfileMaxStackLevel')),
    maxSchedulePeriods: countOf(at('ChargingScheduleMaxPeriods')),
    maxProfiles: countOf(at('MaxChargingProfilesInstalled')),
    localListLength: countOf(at('LocalAuthListMaxLength')),
    localListPerMessage: countOf(at('SendLocalListMaxLength')),
    variablesPerRead: countOf(at('GetConfigurationMaxKeys')),
    reservesWholeStation: flagOf(at('ReserveConnectorZeroSupported')),
    switchesPhases: flagOf(at('ConnectorSwitch3to1PhaseSupported')),
    securityProfile: countOf(at('SecurityProfile')),
  };
}
