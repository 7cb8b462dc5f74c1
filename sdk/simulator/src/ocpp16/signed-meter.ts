import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { SampledValue } from './samples.ts';

export interface SignedMeterOptions {
  /** As OpenSSL calls it; `prime256v1` when not given. A key that is made lives as long as the meter. */
  readonly curve?: string;
  /** PEM of a private key, in place of one that is made. */
  readonly privateKey?: string;
  /** Of the meter of connector 1; each further connector's ends in `-2` and so on. */
  readonly serial?: string;
  /** Begin and end in a record each, or in one at the end. */
  readonly records?: 'two' | 'one';
  /** The text alone, or SignedMeterValueType as JSON (OCA, Signed Meter Values in OCPP). */
  readonly coat?: 'plain' | 'oca';
}

/** A moment of a transaction that is signed. */
export interface Moment {
  readonly connector: number;
  readonly at: number;
  readonly wh: number;
  readonly idTag: string;
}

/** A meter that signs what it measured at the begin and the end of a transaction, as OCMF 1.0. */
export interface SignedMeter {
  /** SubjectPublicKeyInfo, DER, hexadecimal: what stands on its label. */
  readonly publicKey: string;
  serial(connector: number): string;
  begin(moment: Moment): readonly SampledValue[];
  end(moment: Moment): readonly SampledValue[];
}

const ALGORITHMS: Readonly<Record<string, string>> = {
  prime192v1: 'secp192r1',
  prime256v1: 'secp256r1',
  brainpoolP256r1: 'brainpool256r1',
  brainpoolP384r1: 'brainpool384r1',
};
const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, -1).replace('.', ',')}+0000 S`;

export const signedMeter = (o: SignedMeterOptions = {}): SignedMeter => {
  const privateKey =
    o.privateKey === undefined
      ? generateKeyPairSync('ec', { namedCurve: o.curve ?? 'prime256v1' }).privateKey
      : createPrivateKey(o.privateKey);
  const curve = privateKey.asymmetricKeyDetails?.namedCurve ?? 'prime256v1';
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('hex');
  const serial = (connector: number): string =>
    `${o.serial ?? '1SIM0000000001'}${connector === 1 ? '' : `-${connector}`}`;
  const pages = new Map<number, number>();
  const begun = new Map<number, object>();

  const reading = (phase: 'B' | 'E', { at, wh }: Moment) => ({
    ...{ TM: stamp(at), TX: phase, RV: wh, RI: '1-0:1.8.0', RU: 'Wh', RT: 'AC', EF: '', ST: 'G' },
  });
  const record = ({ connector, idTag }: Moment, readings: readonly object[]): string => {
    const page = (pages.get(connector) ?? 0) + 1;
    pages.set(connector, page);
    const payload = JSON.stringify({
      ...{ FV: '1.0', GI: 'Plugga simulator', GS: serial(connector), GV: '1', PG: `T${page}`, MS: serial(connector) },
      ...{ IS: true, IL: 'HEARSAY', IF: ['RFID_PLAIN'], IT: 'ISO14443', ID: idTag, RD: readings },
    });
    const SD = sign('sha256', Buffer.from(payload), privateKey).toString('hex');
    return `OCMF|${payload}|${JSON.stringify({ SA: `ECDSA-${ALGORITHMS[curve] ?? curve}-SHA256`, SD })}`;
  };
  const sampled = (context: string, text: string): SampledValue => ({
    value:
      o.coat === 'oca'
        ? JSON.stringify({
            signedMeterData: Buffer.from(text).toString('base64'),
            ...{ signingMethod: '', encodingMethod: 'OCMF' },
            publicKey: Buffer.from(`oca:base16:asn1:${publicKey}`).toString('base64'),
          })
        : text,
    ...{ measurand: 'Energy.Active.Import.Register', unit: 'Wh', format: 'SignedData', context },
  });

  return {
    publicKey,
    serial,
    begin: (moment) => {
      const first = reading('B', moment);
      begun.set(moment.connector, first);
      return o.records === 'one' ? [] : [sampled('Transaction.Begin', record(moment, [first]))];
    },
    end: (moment) => {
      const first = o.records === 'one' ? begun.get(moment.connector) : undefined;
      begun.delete(moment.connector);
      const readings = [...(first === undefined ? [] : [first]), reading('E', moment)];
      return [sampled('Transaction.End', record(moment, readings))];
    },
  };
};
