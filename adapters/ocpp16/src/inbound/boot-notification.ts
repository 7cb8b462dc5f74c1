import { type Fact, type Inbound, iso } from '@plugga/kit';
import { wordOf } from '@plugga/wire';
import { strict, tolerant } from '../schema.ts';

interface Request {
  readonly chargePointVendor?: string;
  readonly chargePointModel?: string;
  readonly chargePointSerialNumber?: string;
  readonly chargeBoxSerialNumber?: string;
  readonly firmwareVersion?: string;
  readonly iccid?: string;
  readonly imsi?: string;
  readonly meterType?: string;
  readonly meterSerialNumber?: string;
}
interface Response {
  readonly status: 'Accepted' | 'Pending' | 'Rejected';
  readonly currentTime: string;
  readonly interval: number;
}

const STATUS = { accepted: 'Accepted', pending: 'Pending', rejected: 'Rejected' } as const;

/** Empty text, which several stations write for what they do not have, is left out. */
const said = (p: Request): Omit<Extract<Fact, { kind: 'booted' }>, 'kind' | 'vendor' | 'model'> => {
  const firmware = wordOf(p.firmwareVersion);
  const serial = wordOf(p.chargePointSerialNumber) ?? wordOf(p.chargeBoxSerialNumber);
  const meterType = wordOf(p.meterType);
  const meterSerial = wordOf(p.meterSerialNumber);
  const iccid = wordOf(p.iccid);
  const imsi = wordOf(p.imsi);
  return {
    ...(firmware && { firmware }),
    ...(serial && { serial }),
    ...(meterType && { meterType }),
    ...(meterSerial && { meterSerial }),
    ...(iccid && { iccid }),
    ...(imsi && { imsi }),
  };
};

/** [2,"id","BootNotification",{"chargePointVendor":"ABB","chargePointModel":"Terra AC"}] */
export const bootNotification: Inbound<Request, Response> = {
  // A station without a name charges as well as any; refused, it would ask again for ever.
  request: tolerant('BootNotificationRequest', { kind: 'plain', harmless: ['chargePointVendor', 'chargePointModel'] }),
  response: strict('BootNotificationResponse'),
  read: (p) => ({
    facts: [
      {
        kind: 'booted',
        vendor: wordOf(p.chargePointVendor)?.trim() ?? '',
        model: wordOf(p.chargePointModel)?.trim() ?? '',
        ...said(p),
      },
    ],
  }),
  reply: ({ now, registration }) => ({
    status: STATUS[registration?.status ?? 'pending'],
    currentTime: iso(now),
    interval: registration?.intervalSeconds ?? 60,
  }),
};
