/** What a station says it is; what is empty is left out by most, and sent empty by some. */
export interface About {
  readonly chargePointVendor: string;
  readonly chargePointModel: string;
  readonly chargePointSerialNumber?: string;
  readonly chargeBoxSerialNumber?: string;
  readonly firmwareVersion?: string;
  readonly iccid?: string;
  readonly imsi?: string;
  readonly meterType?: string;
  readonly meterSerialNumber?: string;
}

export const bootNotification = (about: About): Record<string, unknown> => ({ ...about });
