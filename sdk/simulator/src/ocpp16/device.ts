import type { StationClock } from '../clock.ts';
import { outlet } from '../physics/outlet.ts';
import type { StationOptions } from '../station.ts';
import { configuration, type Configuration } from './configuration.ts';
import type { Key } from './keys.ts';
import type { Connector } from './connector.ts';
import { remembered, type Remembered } from './remember.ts';
import { charging, type Charging } from './smart-charging/charging.ts';

/** The thing itself: its connectors, settings and charging profiles, as they were when it was last switched off. */
export interface Device {
  readonly connectors: readonly Connector[];
  readonly configuration: Configuration;
  readonly charging: Charging;
  readonly past: Remembered | undefined;
  /** Integrates every meter up to now, or to the instant that the caller goes on with. */
  advance(at?: number): void;
  connector(number: number): Connector;
}

/** A make's own settings under those that are given. */
export const withPersonality = (given: StationOptions): StationOptions => {
  const { personality } = given;
  if (personality === undefined) return given;
  const { about = {} } = personality;
  return {
    ...(about['chargePointVendor'] === undefined ? {} : { vendor: about['chargePointVendor'] }),
    ...(about['chargePointModel'] === undefined ? {} : { model: about['chargePointModel'] }),
    ...(about['firmwareVersion'] === undefined ? {} : { firmware: about['firmwareVersion'] }),
    ...personality.options,
    ...given,
    configuration: { ...personality.configuration, ...given.configuration },
  };
};

export const device = (options: StationOptions, clock: StationClock, keys: Readonly<Record<string, Key>>): Device => {
  const kept = options.memory?.load();
  const past = kept === undefined ? undefined : remembered(kept);
  const count = options.connectors ?? 1;
  const maxPowerW = options.maxPowerW ?? 11_000;
  const { flows } = options;
  const given = options.password ?? '';
  const profile = given === '' ? '0' : options.url.startsWith('wss') ? '2' : '1';
  const settings = configuration(
    {
      NumberOfConnectors: String(count),
      SecurityProfile: profile,
      ...options.configuration,
      ...past?.configuration,
      AuthorizationKey: past?.key?.given === given ? past.key.now : given,
    },
    options.personality?.keys,
    keys,
  );
  const connectors: Connector[] = Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    outlet: outlet({
      meterStartWh: past?.registersWh[index] ?? (options.meterStartWh ?? 0) + index * 100_000,
      maxPowerW,
      now: clock.now(),
      allowance: (at) => profiles.allowance(index + 1, at),
      ...(flows === undefined ? {} : { flows: (flow) => flows({ ...flow, connector: index + 1 }) }),
    }),
    status: 'Available',
    operative: past?.inoperative?.includes(index + 1) !== true,
  }));
  const advance = (at = clock.now()): void => {
    for (const one of connectors) one.outlet.advance(at);
  };
  const profiles: Charging = charging({
    configuration: settings,
    now: clock.now,
    maxPowerW,
    steps: options.currentSteps,
    purposes: options.protocol === 'ocpp2.1' ? ['PriorityCharging'] : [],
    changing: () => advance(),
    connectors: () =>
      connectors.map((one) => ({
        number: one.number,
        startedAt: one.running?.entry.startedAt,
        transactionId: one.running?.entry.transactionId,
        phases: one.outlet.vehicle()?.phases ?? 3,
      })),
    past: past?.profiles,
  });
  return {
    connectors,
    configuration: settings,
    charging: profiles,
    past,
    advance,
    connector(number) {
      const found = connectors.find((one) => one.number === number);
      if (found === undefined) throw new Error(`${options.identity} has no connector ${number}`);
      return found;
    },
  };
};
