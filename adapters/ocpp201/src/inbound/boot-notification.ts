import { type Fact, type Inbound, iso } from '@plugga/kit';
import { wordOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

interface Request {
  readonly reason?: string;
  readonly chargingStation?: {
    readonly vendorName?: unknown;
    readonly model?: unknown;
    readonly serialNumber?: unknown;
    readonly firmwareVersion?: unknown;
    readonly modem?: { readonly iccid?: unknown; readonly imsi?: unknown } | null;
  };
}
interface Response {
  readonly status: 'Accepted' | 'Pending' | 'Rejected';
  readonly currentTime: string;
  readonly interval: number;
}

const STATUS = { accepted: 'Accepted', pending: 'Pending', rejected: 'Rejected' } as const;

/** Empty text, which several stations write for what they do not have, is left out. */
const said = ({ reason, chargingStation = {} }: Request): Omit<Extract<Fact, { kind: 'booted' }>, 'kind'> => {
  const { vendorName, model, serialNumber, firmwareVersion, modem } = chargingStation;
  const firmware = wordOf(firmwareVersion);
  const serial = wordOf(serialNumber);
  const iccid = wordOf(modem?.iccid);
  const imsi = wordOf(modem?.imsi);
  const why = wordOf(reason);
  return {
    vendor: wordOf(vendorName)?.trim() ?? '',
    model: wordOf(model)?.trim() ?? '',
    ...(firmware && { firmware }),
    ...(serial && { serial }),
    ...(iccid && { iccid }),
    ...(imsi && { imsi }),
    ...(why && { reason: why }),
  };
};

/** [2,"id","BootNotification",{"reason":"PowerUp","chargingStation":{"vendorName":"ABB","model":"Terra AC"}}] */
export const bootNotification = (wire: Wire2): Inbound<Request, Response> => ({
  // A station without a name charges as well as any; refused, it would ask again for ever.
  request: wire.tolerant('BootNotificationRequest', { kind: 'plain', harmless: ['reason', 'chargingStation'] }),
  response: wire.strict('BootNotificationResponse'),
  read: (p) => ({ facts: [{ kind: 'booted', ...said(p) }] }),
  reply: ({ now, registration }) => ({
    status: STATUS[registration?.status ?? 'pending'],
    currentTime: iso(now),
    interval: registration?.intervalSeconds ?? 60,
  }),
});
