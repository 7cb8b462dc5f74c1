import { useRead } from '@plugga/console';
import { useId } from 'react';
import type { Page } from './invoice.ts';
import { useText } from './use-text.ts';

export interface Token {
  readonly id: string;
  readonly type: string;
  readonly last4: string;
  readonly group: string | null;
}

export const tokenName = ({ type, last4 }: Token): string => `${type} …${last4}`;

/** The tokens that a choice shows: the newest 200. Others are named by their id. */
export const useTokens = (): readonly Token[] => {
  const { data } = useRead<Page<Token>>('/tokens', { query: { limit: 200 } });
  return data?.items ?? [];
};

/** Chooses one token by what is printed on it. */
export function TokenChoice({
  label,
  value,
  tokens,
  set,
}: {
  readonly label: string;
  readonly value: string;
  readonly tokens: readonly Token[];
  readonly set: (token: string) => void;
}) {
  const t = useText();
  const id = useId();
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ target }) => set(target.value)}>
        <option value="">{t('chooseToken')}</option>
        {tokens.map((it) => (
          <option key={it.id} value={it.id}>
            {tokenName(it)}
          </option>
        ))}
      </select>
    </div>
  );
}
