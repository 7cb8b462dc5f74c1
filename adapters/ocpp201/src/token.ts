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
/** A card's own number, of 4, 7 or 10 bytes. */
const UID = /^(?:[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$/i;

/** Characters that an idToken may have: 36 in 2.0.1, 255 in 2.1. */
export const longestToken = ({ protocol }: Pick<StationView, 'protocol'>): number =>
  protocol === 'ocpp2.0.1' ? 36 : 255;

/**
 * A token as 2.x writes it. Types are open words in 2.1 and a closed list in 2.0.1; a token that has none, as those of 1.6, is a
 * card by its looks and else known to us alone.
 */
export const idTokenOf = ({ value, type }: TokenInput, station: Pick<StationView, 'protocol'>): IdToken => {
  const known = type !== undefined && type.length <= 20 && (station.protocol !== 'ocpp2.0.1' || TYPES_201.has(type));
  return { idToken: value, type: known ? type : UID.test(value) ? 'ISO14443' : 'Central' };
};
