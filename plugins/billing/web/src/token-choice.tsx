import { Choose, useRead } from '@plugga/console';
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
  return (
    <Choose
      label={label}
      value={value}
      set={set}
      of={[['', t('chooseToken')], ...tokens.map((it) => [it.id, tokenName(it)] as const)]}
    />
  );
}
