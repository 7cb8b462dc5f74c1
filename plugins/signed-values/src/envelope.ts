import type { SignedAs } from '@plugga/kit';
import { fromBase64, fromHex, fromUtf8 } from './bytes.ts';

/** The names that the transparency software has for formats, and what is none of them. */
export type Format =
  | 'OCMF'
  | 'ALFEN'
  | 'EDL_40_P'
  | 'EDL_40_SIG'
  | 'EDL_40_MENNEKES'
  | 'ISA_EDL_40_P'
  | 'PCDF'
  | 'unknown';

/** A signed value without its coat. */
export interface Enveloped {
  readonly format: Format;
  /** The record in its own text; of OCMF what `readOcmf` takes. */
  readonly text: string;
  /** The name that the station itself gave to the format, where we know none. */
  readonly said?: string;
  /** A public key that came with it: never what a record is checked against. */
  readonly publicKey?: string;
}

const looks: readonly (readonly [Format, (text: string, bare: string) => boolean])[] = [
  ['OCMF', (text) => text.startsWith('OCMF|')],
  ['ALFEN', (text) => /^AP;\d;\d;/.test(text)],
  ['EDL_40_MENNEKES', (text) => text.startsWith('<') && /<(?:\w+:)?(?:Billing|ChargingProcess)[\s>]/.test(text)],
  ['EDL_40_SIG', (text) => text.startsWith('<') && /<signedMeterValue[\s>]/.test(text)],
  // SML; the server id of a meter of Isabellenhütte: 09 01 "ISA".
  ['ISA_EDL_40_P', (_, bare) => /^1b1b1b1b01010101/i.test(bare) && /0901495341/i.test(bare)],
  ['EDL_40_P', (_, bare) => /^1b1b1b1b01010101/i.test(bare)],
  ['PCDF', (text) => text.startsWith('128.8.0(ST:')],
];

const named: Readonly<Record<string, Format>> = { OCMF: 'OCMF', ALFEN: 'ALFEN', EDL: 'EDL_40_P', PCDF: 'PCDF' };

const formatOf = (text: string): Format | undefined => {
  const bare = text.slice(0, 20_000).replaceAll(/\s/g, '');
  return looks.find(([, fits]) => fits(text, bare))?.[0];
};

/** SignedMeterValueType of OCPP 2.x as text in a 1.6 value (OCA, Signed Meter Values in OCPP, section 3.2.1). */
const jsonCoat = (text: string): Enveloped | undefined => {
  if (!text.startsWith('{')) return undefined;
  let coat: Readonly<Record<string, unknown>>;
  try {
    coat = JSON.parse(text) as typeof coat;
  } catch {
    return undefined;
  }
  const member = (name: string): string | undefined => {
    const value = coat[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  // has·to·be asked for the second name before there was the first.
  const data = member('signedMeterData') ?? member('signedMeterValue');
  if (data === undefined) return undefined;
  return openedAs(data, { encoding: member('encodingMethod'), publicKey: member('publicKey') });
};

/** What a record says of itself goes before what was said of it. */
const openedAs = (
  data: string,
  { encoding, publicKey }: { readonly encoding?: string | undefined; readonly publicKey?: string | undefined },
): Enveloped => {
  const inner = opened(data);
  const format = inner?.format ?? named[encoding?.toUpperCase() ?? ''] ?? 'unknown';
  return {
    format: format === 'OCMF' && inner === undefined ? 'unknown' : format,
    text: inner?.text ?? data,
    ...(encoding === undefined ? {} : { said: encoding }),
    ...(publicKey === undefined || publicKey === '' ? {} : { publicKey }),
  };
};

/** Plain, or in hexadecimal or base64. */
const opened = (text: string): Enveloped | undefined => {
  const trimmed = text.trimStart();
  const plain = formatOf(trimmed);
  if (plain !== undefined) return { format: plain, text: trimmed };
  const bare = text.replaceAll(/\s/g, '');
  const bytes = fromHex(bare) ?? fromBase64(bare);
  if (bytes === undefined) return undefined;
  const decoded = fromUtf8(bytes)?.trimStart();
  const format = formatOf(decoded ?? '') ?? formatOf(bytes.toString('hex'));
  return format && { format, text: decoded ?? text };
};

/** Takes a signed value out of its coat and names its format, with what a station said beside it. Never throws: what it does not know is kept as it is. */
export const openEnvelope = (value: string, as?: SignedAs): Enveloped =>
  as === undefined
    ? (jsonCoat(value.trimStart()) ?? opened(value) ?? { format: 'unknown', text: value })
    : openedAs(value, as);
