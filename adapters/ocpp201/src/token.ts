import type { StationView, TokenInput } from '@plugga/kit';
import { textOf } from '@plugga/wire';

export interface IdToken {
  readonly idToken: string;
  readonly type: string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Who wants to charge. None where the token is empty: NoAuthorization (C02) is nobody's. */
export const tokenOf = (raw: unknown): TokenInput | undefined => {
  if (!isObject(raw)) return undefined;
  const value = textOf(raw['idToken']);
  const type = textOf(raw['type']);
  return value === undefined ? undefined : { value, ...(type !== undefined && { type }) };
};

const TYPES_201 = new Set([
  'Central',
  'eMAID',
  'ISO14443',
  'ISO15693',
  'KeyCode',
  'Local',
  'MacAddress',
  'NoAuthorization',
]);
/** What OCPI says a token is: whose it is, not how it was read. */
const OCPI = new Set(['RFID', 'APP_USER', 'AD_HOC_USER', 'OTHER', 'EMAID']);
/** A card's own number, of 4, 7 or 10 bytes. */
const UID = /^(?:[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$/i;

/** Characters that an idToken may have: 36 in 2.0.1, 255 in 2.1. */
export const longestToken = ({ protocol }: Pick<StationView, 'protocol'>): number =>
  protocol === 'ocpp2.0.1' ? 36 : 255;

const typeOf = ({ value, type }: TokenInput, protocol: string): string => {
  if (type === 'EMAID') return 'eMAID';
  const fits = protocol === 'ocpp2.0.1' ? TYPES_201.has(type ?? '') : !OCPI.has(type ?? 'RFID');
  if (type !== undefined && type.length <= 20 && fits) return type;
  return UID.test(value) ? 'ISO14443' : 'Central';
};

/**
 * A token as 2.x writes it. Types are open words in 2.1 and a closed list in 2.0.1; a token that has no such word, as those of
 * 1.6 and of OCPI, is a card by its looks and else known to us alone.
 */
export const idTokenOf = (token: TokenInput, { protocol }: Pick<StationView, 'protocol'>): IdToken => ({
  idToken: token.value,
  type: typeOf(token, protocol),
});
