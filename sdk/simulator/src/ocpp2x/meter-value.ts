import type { MeterValue, SampledValue } from '../ocpp16/samples.ts';

type Sampled = Readonly<Record<string, unknown>>;

/** A signed value as OCPP 2.x writes it: the record whole, its key, and beside them the register that was signed. */
const signed = ({ value }: SampledValue, wh: number, publicKey: string): Sampled => {
  const coated = value.startsWith('{') ? (JSON.parse(value) as Record<string, unknown>) : undefined;
  const data = coated ?? {
    signedMeterData: Buffer.from(value).toString('base64'),
    signingMethod: '',
    encodingMethod: 'OCMF',
    publicKey: Buffer.from(`oca:base16:asn1:${publicKey}`).toString('base64'),
  };
  return { value: wh, signedMeterValue: data };
};

/** One meter value in the words of OCPP 2.x: numbers in place of text, the unit in an object of its own. */
export const meterValue2x = (given: MeterValue, wh: number, publicKey = ''): Record<string, unknown> => ({
  timestamp: given.timestamp,
  sampledValue: given.sampledValue.map((one) => {
    const { value, unit, format, ...rest } = one;
    return {
      ...rest,
      ...(format === 'SignedData' ? signed(one, wh, publicKey) : { value: Number(value) }),
      ...(unit === undefined ? {} : { unitOfMeasure: { unit } }),
    };
  }),
});
