import { afterEach, beforeEach } from 'vitest';
import { OCPP20, OCPP21 } from 'typed-ocpp';
import type { StationOptions, VirtualStation } from '../src/station.ts';
import { virtualStation } from '../src/virtual-station.ts';
import { testCsms, type TestCsms } from './csms.ts';

export type Version = 'ocpp2.0.1' | 'ocpp2.1';
type Payload = Record<string, unknown>;

/** What the schemas of the version say against each frame that the station has sent; empty when all are right. */
const mistakes = (version: Version, csms: TestCsms): string[] => {
  const own = version === 'ocpp2.1' ? OCPP21 : OCPP20;
  const checkResult = own.checkCallResult as typeof OCPP21.checkCallResult;
  return csms.texts.flatMap((text) => {
    const frame: unknown = JSON.parse(text);
    if (!Array.isArray(frame)) return [`${text}: no frame`];
    const asked = frame[0] === 2 ? undefined : csms.asked.get(String(frame[1]));
    if (frame[0] === 2)
      return own.validateCall(frame as never) ? [] : [`${text}: ${own.validateCall.errors.join(' ')}`];
    if (frame[0] !== 3) return [];
    const call = [2, frame[1], asked?.action, asked?.payload];
    return checkResult(frame as never, call as never) ? [] : [`${text}: ${checkResult.errors.join(' ')}`];
  });
};
/** A CSMS of OCPP 2.x for each test and stations that end with it. */
export const stand2x = (version: Version) => {
  let csms: TestCsms;
  let stations: VirtualStation[] = [];
  beforeEach(async () => {
    csms = await testCsms(undefined, version);
    const now = (): string => new Date().toISOString();
    csms.answers = {
      BootNotification: () => ({ status: 'Accepted', currentTime: now(), interval: 300 }),
      Heartbeat: () => ({ currentTime: now() }),
      Authorize: () => ({ idTokenInfo: { status: 'Accepted' } }),
      SignCertificate: () => ({ status: 'Accepted' }),
      DataTransfer: () => ({ status: 'Accepted' }),
      NotifyEVChargingNeeds: () => ({ status: 'Accepted' }),
      NotifyEVChargingSchedule: () => ({ status: 'Accepted' }),
      TransactionEvent: () => ({}),
    };
  });
  afterEach(async () => {
    for (const station of stations) station.close();
    stations = [];
    await csms.close();
  });
  const station = (o: Partial<StationOptions> = {}): VirtualStation => {
    const one = virtualStation({
      ...(o.personality === undefined ? { protocol: version } : {}),
      url: csms.url,
      identity: 'S1',
      meterStartWh: 1_000,
      speed: 3_600,
      backOff: { firstMs: 10, maxMs: 50 },
      ...o,
      configuration: { TransactionMessageRetryInterval: '0', ...o.configuration },
    });
    stations.push(one);
    return one;
  };
  return {
    get csms() {
      return csms;
    },
    station,
    async started(o?: Partial<StationOptions>) {
      const one = station(o);
      await one.start();
      return one;
    },
    /** The payload of the answer, or the whole frame of a CALLERROR. */
    async ask(action: string, payload: Payload = {}): Promise<unknown> {
      const frame = await csms.command(action, payload);
      return frame[0] === 3 ? frame[2] : frame;
    },
    heard: (action: string): Payload[] =>
      csms.heard.filter((call) => call.action === action).map((call) => call.payload),
    mistakes: () => mistakes(version, csms),
  };
};
