import { afterEach, beforeEach } from 'vitest';
import type { StationOptions, VirtualStation } from '../src/station.ts';
import { virtualStation } from '../src/virtual-station.ts';
import { testCsms, type TestCsms } from './csms.ts';
import { pace, PLUGS_WITHIN } from './pace.ts';
import { against, type Version } from './schemas2x.ts';

export type { Version } from './schemas2x.ts';
type Payload = Record<string, unknown>;

/** What the schemas of the version say against each frame that the station has sent; empty when all are right. */
const mistakes = (version: Version, csms: TestCsms): string[] =>
  csms.texts.flatMap((text) => {
    const frame: unknown = JSON.parse(text);
    if (!Array.isArray(frame)) return [`${text}: no frame`];
    const [type, id, third, fourth] = frame as [number, string, unknown, unknown];
    if (type === 2) return against(version, `${String(third)}Request`, fourth);
    const asked = type === 3 ? csms.asked.get(id)?.action : undefined;
    return asked === undefined ? [] : against(version, `${asked}Response`, third);
  });
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
      backOff: { firstMs: 10, maxMs: 50 },
      ...pace(o.speed),
      ...o,
      configuration: {
        ...{ TransactionMessageRetryInterval: '0', 'TxCtrlr.EVConnectionTimeOut': PLUGS_WITHIN },
        ...o.configuration,
      },
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
