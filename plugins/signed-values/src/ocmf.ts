/** Marks of table 7 of OCMF 1.4: `X` says that nothing from here on may be billed, the rest after `S` and `T` end the transaction. */
export type Phase = 'B' | 'C' | 'X' | 'E' | 'L' | 'R' | 'A' | 'P' | 'S' | 'T';

/** One reading of a record, with what it inherits from the one before. */
export interface OcmfReading {
  /** As written, and as UTC milliseconds where it can be read. */
  readonly time?: { readonly text: string; readonly at?: number; readonly status?: 'U' | 'I' | 'S' | 'R' };
  readonly phase?: Phase;
  /** Its digits as they were written: the places behind the point are the meter's resolution. */
  readonly value?: string;
  readonly unit?: string;
  /** OBIS code as written. */
  readonly register?: string;
  readonly errorFlags: string;
  readonly status?: string;
  /** All that stands in it, ours and the maker's. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Ocmf {
  /** The bytes between the two bars, exactly: what was signed. */
  readonly payload: string;
  readonly signature: {
    readonly algorithm: string;
    readonly encoding: string;
    readonly mime: string;
    readonly data: string;
  };
  /** Serial number of the meter, else of the gateway that signs for it. */
  readonly meter?: string;
  readonly pagination?: { readonly context: string; readonly number: number };
  readonly readings: readonly OcmfReading[];
  /** All of the payload; unknown members too. Numbers of readings are their digits. */
  readonly fields: Readonly<Record<string, unknown>>;
}
export type ReadOcmf = { readonly ok: true; readonly record: Ocmf } | { readonly ok: false; readonly reason: string };

/** OCMF 0.4, and the default ever since. */
const DEFAULT_ALGORITHM = 'ECDSA-secp256r1-SHA256';
const LONGEST = 1_048_576;
const MOST_READINGS = 10_000;

type Members = Readonly<Record<string, unknown>>;
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textIn = (members: Members, key: string): string | undefined => {
  const value = members[key];
  return typeof value === 'string' ? value : undefined;
};
const saying = (text: string | undefined): string | undefined => (text?.trim() ? text.trim() : undefined);

/** A reader that leaves digits alone would lose `0.10`: numbers are kept as their own text. */
const parsed = (text: string): unknown =>
  JSON.parse(text, ((_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value) as never);

const membersOf = (text: string): Members | undefined => {
  try {
    const value = parsed(text);
    return isMembers(value) ? value : undefined;
  } catch {
    return undefined; // no JSON, or nested deeper than the stack
  }
};

const DIGITS = /^[+-]?\d{1,30}(?:\.\d{0,20})?$/;
/** Some meters pad to a width: `"       9.038"`, `"00000000.000"`. */
const digitsOf = (value: unknown): string | undefined => {
  const text = typeof value === 'string' ? value.trim() : '';
  return DIGITS.test(text) ? text.replace(/\.$/, '') : undefined;
};

// 2018-07-24T13:22:04,000+0200 S
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[,.](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?(?: ([UISR]))?$/;
const timeOf = (text: string): NonNullable<OcmfReading['time']> => {
  const [, local, fraction = '', zone, status] = TIME.exec(text.trim()) ?? [];
  if (local === undefined) return { text };
  const offset = zone === undefined || zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const at = Date.parse(`${local}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`);
  // Without a zone nobody can say when it was.
  const known = zone !== undefined && !Number.isNaN(at) ? { at } : {};
  return { text, ...known, ...(status === undefined ? {} : { status: status as 'U' | 'I' | 'S' | 'R' }) };
};

const PHASES = new Set('BCXELRAPST');
const inherited = ['TM', 'TX', 'RI', 'RU', 'RT', 'EF', 'ST'] as const;

/** "Fields that have an identical value to the previous reading are omitted." */
const readingsOf = (list: readonly unknown[]): readonly OcmfReading[] => {
  let before: Members = {};
  return list.filter(isMembers).map((own) => {
    const kept = Object.fromEntries(inherited.flatMap((key) => (key in before ? [[key, before[key]]] : [])));
    const fields: Members = { ...kept, ...own };
    before = fields;
    const [time, phase] = [textIn(fields, 'TM'), saying(textIn(fields, 'TX'))];
    const value = digitsOf(fields['RV']);
    const unit = saying(textIn(fields, 'RU'));
    const register = saying(textIn(fields, 'RI'));
    const status = saying(textIn(fields, 'ST'));
    return {
      ...(time === undefined ? {} : { time: timeOf(time) }),
      ...(phase !== undefined && PHASES.has(phase) ? { phase: phase as Phase } : {}),
      ...(value === undefined ? {} : { value }),
      ...(unit === undefined ? {} : { unit }),
      ...(register === undefined ? {} : { register }),
      ...(status === undefined ? {} : { status }),
      errorFlags: textIn(fields, 'EF') ?? '',
      fields,
    };
  });
};

const paginationOf = (text: string | undefined): Ocmf['pagination'] => {
  const [, context, digits] = /^([A-Z])(\d{1,15})$/.exec(text ?? '') ?? [];
  return context === undefined ? undefined : { context, number: Number(digits) };
};

/**
 * Reads a record of the Open Charge Metering Format, versions 0.1 to 1.4: `OCMF|{payload}|{signature}`. Says nothing of whether
 * it is genuine. Never throws: what cannot be read is told.
 */
export function readOcmf(text: string): ReadOcmf {
  if (text.length > LONGEST) return { ok: false, reason: 'the record is longer than 1 MiB' };
  const start = text.indexOf('|');
  const end = text.lastIndexOf('|');
  if (text.slice(0, Math.max(start, 0)).trim() !== 'OCMF') return { ok: false, reason: 'the header is not OCMF' };
  if (end <= start) return { ok: false, reason: 'the signature is missing: a record has three sections' };
  const payload = text.slice(start + 1, end);
  const fields = membersOf(payload);
  if (fields === undefined) return { ok: false, reason: 'the payload is no JSON object' };
  const signature = membersOf(text.slice(end + 1));
  if (signature === undefined) return { ok: false, reason: 'the signature section is no JSON object' };
  const data = saying(textIn(signature, 'SD'));
  if (data === undefined) return { ok: false, reason: 'there is no signature (SD)' };
  const list = Array.isArray(fields['RD']) ? (fields['RD'] as readonly unknown[]) : [];
  if (list.length > MOST_READINGS) return { ok: false, reason: `there are more than ${MOST_READINGS} readings` };
  const pagination = paginationOf(saying(textIn(fields, 'PG')));
  const meter = saying(textIn(fields, 'MS')) ?? saying(textIn(fields, 'GS'));
  return {
    ok: true,
    record: {
      payload,
      signature: {
        algorithm: saying(textIn(signature, 'SA')) ?? DEFAULT_ALGORITHM,
        encoding: saying(textIn(signature, 'SE')) ?? 'hex',
        mime: saying(textIn(signature, 'SM')) ?? 'application/x-der',
        data,
      },
      ...(meter === undefined ? {} : { meter }),
      ...(pagination === undefined ? {} : { pagination }),
      readings: readingsOf(list),
      fields,
    },
  };
}
