import type { Configuration } from '../ocpp16/configuration.ts';
import type { Connector } from '../ocpp16/connector.ts';
import type { Key } from '../ocpp16/keys.ts';
import { temperatureOf } from '../ocpp16/samples.ts';
import { isDc, type Speech } from './speech.ts';
import { variables } from './variables.ts';

export interface ComponentVariable {
  readonly component: { readonly name: string; readonly evse?: { readonly id: number; readonly connectorId?: number } };
  readonly variable: { readonly name: string; readonly instance?: string };
}

/** A variable of the device model, with its value now. */
export interface Modelled extends ComponentVariable {
  /** Its name among the settings; none: the station itself decides its value. */
  readonly key?: string;
  readonly mutability: 'ReadOnly' | 'WriteOnly' | 'ReadWrite';
  readonly dataType: 'string' | 'integer' | 'boolean' | 'decimal' | 'OptionList' | 'MemberList';
  readonly valuesList?: string;
  readonly maxLimit?: number;
  readonly minLimit?: number;
  readonly unit?: string;
  read(): string;
  /** What it is meant to be, where that is another thing than what it is (attribute Target). */
  target?(): string;
}

const keyPattern = /^(\w+)\.(\w+)(?:\((\w+)\))?$/;

const settled = (key: string, { readonly, secret, boolean, number, list }: Key, settings: Configuration): Modelled => {
  const [, component = '', name = '', instance] = keyPattern.exec(key) ?? [];
  return {
    component: { name: component },
    variable: { name, ...(instance === undefined ? {} : { instance }) },
    key,
    mutability: readonly ? 'ReadOnly' : secret ? 'WriteOnly' : 'ReadWrite',
    dataType: boolean ? 'boolean' : number === undefined ? (list === undefined ? 'string' : 'MemberList') : 'integer',
    ...(list === undefined ? {} : { valuesList: list.of.join(',') }),
    ...(number === undefined ? {} : { minLimit: number[0], maxLimit: number[1] }),
    read: () => settings.text(key),
  };
};

/** The station's device model (OCPP 2.0.1 part 1, chapter 4): controllers, and a tier for station, EVSE and connector. */
export const deviceModel = (o: {
  readonly settings: Configuration;
  readonly connectors: readonly Connector[];
  readonly speech: Speech;
  readonly vendor: string;
  readonly maxPowerW: number;
}): readonly Modelled[] => {
  const own = (
    component: Modelled['component'],
    name: string,
    dataType: Modelled['dataType'],
    read: () => string,
    more: Partial<Modelled> = {},
  ): Modelled => ({ component, variable: { name }, mutability: 'ReadOnly', dataType, read, ...more });
  const station = { name: 'ChargingStation' };
  const all = (): string => {
    const states = new Set(o.connectors.map((one) => o.speech.connectorStatus(one.status)));
    return states.has('Available') ? 'Available' : ([...states][0] ?? 'Available');
  };
  const yes = (): string => 'true';
  return [
    ...Object.entries(variables).map(([key, known]) => settled(key, known, o.settings)),
    own(station, 'AvailabilityState', 'OptionList', all),
    own(station, 'Available', 'boolean', yes),
    own(station, 'VendorName', 'string', () => o.vendor),
    own(station, 'SupplyPhases', 'integer', () => '3'),
    ...o.connectors.flatMap((one) => {
      const evse = { name: 'EVSE', evse: { id: one.number } };
      const plug = { name: 'Connector', evse: { id: one.number, connectorId: 1 } };
      const heat = (): string => temperatureOf(one.outlet).toFixed(1);
      const state = (): string => o.speech.connectorStatus(one.status);
      return [
        own(evse, 'AvailabilityState', 'OptionList', state),
        own(evse, 'Available', 'boolean', yes),
        own(evse, 'Power', 'decimal', () => String(one.outlet.powerW()), {
          ...{ maxLimit: o.maxPowerW, unit: 'W', target: () => String(Math.round(one.outlet.offeredW())) },
        }),
        own(evse, 'SupplyPhases', 'integer', () => '3'),
        own(plug, 'AvailabilityState', 'OptionList', state),
        own(plug, 'Available', 'boolean', yes),
        own(plug, 'ConnectorType', 'string', () => (isDc(o.maxPowerW) ? 'cCCS2' : 'sType2')),
        own(plug, 'Problem', 'boolean', () => String(one.fault !== undefined)),
        own(plug, 'SupplyPhases', 'integer', () => '3'),
        own({ name: 'TemperatureSensor', evse: { id: one.number } }, 'Temperature', 'decimal', heat, {
          ...{ minLimit: -40, maxLimit: 100, unit: 'Celsius' },
        }),
      ];
    }),
  ];
};

/** How a report writes it (ReportDataType). */
export const reported = (one: Modelled): Record<string, unknown> => ({
  component: one.component,
  variable: one.variable,
  variableAttribute: [
    {
      type: 'Actual',
      ...(one.mutability === 'WriteOnly' ? {} : { value: one.read() }),
      mutability: one.mutability,
      persistent: one.key !== undefined,
      constant: false,
    },
    ...(one.target === undefined
      ? []
      : [{ type: 'Target', value: one.target(), mutability: 'ReadOnly', persistent: false, constant: false }]),
  ],
  variableCharacteristics: {
    dataType: one.dataType,
    supportsMonitoring: one.mutability !== 'WriteOnly',
    ...(one.unit === undefined ? {} : { unit: one.unit }),
    ...(one.minLimit === undefined ? {} : { minLimit: one.minLimit }),
    ...(one.maxLimit === undefined ? {} : { maxLimit: one.maxLimit }),
    ...(one.valuesList === undefined ? {} : { valuesList: one.valuesList }),
  },
});
