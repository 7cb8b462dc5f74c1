import type { Answer, LocalListEntry } from '@plugga/kit';
import { readLocalListBy, writeLocalListBy } from '@plugga/wire';
import { send } from '../schema.ts';

const VERSION = 'listVersion';
const LIST = 'LocalAuthListMaxLength';
const MESSAGE = 'SendLocalListMaxLength';
const STATUS = { accepted: 'Accepted', blocked: 'Blocked', expired: 'Expired', invalid: 'Invalid' } as const;

const positive = (text: unknown): number | undefined => {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : undefined;
};

const entryOf = ({ token, status, expiresAt, group }: LocalListEntry) => ({
  idTag: token.value,
  ...(status !== undefined && {
    idTagInfo: {
      status: STATUS[status],
      ...(expiresAt !== undefined && { expiryDate: expiresAt }),
      ...(group !== undefined && { parentIdTag: group.value }),
    },
  }),
});

const keysOf = (answer: Answer): readonly { readonly key?: unknown; readonly value?: unknown }[] => {
  const payload = answer.kind === 'result' ? (answer.payload as { configurationKey?: unknown } | null) : undefined;
  return Array.isArray(payload?.configurationKey) ? payload.configurationKey : [];
};

/** GetLocalListVersion. */
export const readLocalList = readLocalListBy({ send }, { version: VERSION });

/** SendLocalList, in parts where the station limits their length; the limits are asked for where they are not known. */
export const writeLocalList = writeLocalListBy(
  { send },
  {
    version: VERSION,
    fault: ({ token }) => (token.value.length > 20 ? 'an idTag has at most 20 characters in OCPP 1.6' : undefined),
    entryOf,
    payload: ({ version, updateType, entries }) => ({
      listVersion: version,
      updateType,
      localAuthorizationList: entries,
    }),
    limitsOf: (station) => ({ list: positive(station.variable(LIST)), items: positive(station.variable(MESSAGE)) }),
    ask: {
      action: 'GetConfiguration',
      payload: { key: [LIST, MESSAGE] },
      isNeeded: ({ list, items }) => list === undefined || items === undefined,
      limitsOf: (answer) => {
        const of = (name: string) => positive(keysOf(answer).find((it) => it?.key === name)?.value);
        return { list: of(LIST), items: of(MESSAGE) };
      },
    },
  },
);
