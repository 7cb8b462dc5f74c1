import {
  Confirmed,
  Empty,
  Loaded,
  Pager,
  Panel,
  ProblemNotice,
  Table,
  useAct,
  useFormat,
  useRead,
  type Column,
} from '@plugga/console';
import { useId, useState } from 'react';
import type { Page } from './invoice.ts';
import { TokenChoice, tokenName, useTokens, type Token } from './token-choice.tsx';
import { useText } from './use-text.ts';

interface Drawn {
  readonly inclVat: string | null;
  readonly energyWh: number;
}
interface Budget {
  readonly token: string;
  readonly amount: { readonly currency: string; readonly inclVat: string } | null;
  readonly energyWh: number | null;
  readonly timeZone: string;
  readonly month: string;
  readonly spent: Drawn;
  readonly held: Drawn;
}

const WH = 1_000;
const asNumber = (text: string): string => text.trim().replace(',', '.');

/** Gives a token a budget a month, or another one. */
function NewBudget({ tokens }: { readonly tokens: readonly Token[] }) {
  const t = useText();
  const id = useId();
  const [token, setToken] = useState('');
  const [amount, setAmount] = useState('');
  const [currency, setCurrency] = useState('SEK');
  const [kWh, setKWh] = useState('');
  const save = useAct((host) =>
    host.api(`/budgets/${encodeURIComponent(token)}`, {
      method: 'PUT',
      body: {
        amount: amount.trim() === '' ? null : { currency: currency.trim().toUpperCase(), inclVat: asNumber(amount) },
        energyWh: kWh.trim() === '' ? null : Math.round(Number(asNumber(kWh)) * WH),
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      },
    }),
  );
  const isWhole =
    token !== '' &&
    (amount.trim() !== '' || kWh.trim() !== '') &&
    [amount, kWh].every((it) => it.trim() === '' || Number(asNumber(it)) > 0);
  const field = (label: 'budgetAmount' | 'currency' | 'budgetKWh', value: string, set: (value: string) => void) => (
    <div>
      <label htmlFor={`${id}${label}`}>{t(label)}</label>
      <input id={`${id}${label}`} size={8} value={value} onChange={({ target }) => set(target.value)} />
    </div>
  );
  return (
    <Panel title={t('newBudget')}>
      <p className="faint">{t('budgetText')}</p>
      <div className="filters">
        <TokenChoice label={t('token')} value={token} tokens={tokens} set={setToken} />
        {field('budgetAmount', amount, setAmount)}
        {field('currency', currency, setCurrency)}
        {field('budgetKWh', kWh, setKWh)}
        <button type="button" className="button primary" disabled={!isWhole || save.busy} onClick={() => save.run()}>
          {t('save')}
        </button>
      </div>
      {save.error === null ? null : <ProblemNotice problem={save.error} />}
    </Panel>
  );
}

function Remove({ token, name }: { readonly token: string; readonly name: string }) {
  const t = useText();
  const remove = useAct((host) => host.api(`/budgets/${encodeURIComponent(token)}`, { method: 'DELETE' }));
  return (
    <>
      <Confirmed
        trigger={
          <button type="button" className="button" disabled={remove.busy}>
            {t('remove')}
          </button>
        }
        title={t('removeBudget', { name })}
        text={t('removeBudgetText')}
        action={t('remove')}
        onConfirm={() => remove.run()}
      />
      {remove.error === null ? null : <ProblemNotice problem={remove.error} />}
    </>
  );
}

/** What tokens may draw in a month, and what they have. */
export function Budgets({ cursor }: { readonly cursor: string | undefined }) {
  const t = useText();
  const format = useFormat();
  const tokens = useTokens();
  const names = new Map(tokens.map((it) => [it.id, tokenName(it)]));
  const budgets = useRead<Page<Budget>>('/budgets', {
    ...{ query: { cursor, limit: 50 }, on: ['session.closed', 'cdr.'], keep: true },
  });
  const drawn = (id: 'spent' | 'held'): Column<Budget> => ({
    ...{ id, header: t(id === 'spent' ? 'spent' : 'reserved'), numeric: true },
    cell: ({ amount, [id]: { inclVat, energyWh } }) =>
      amount === null || inclVat === null
        ? format.energy(energyWh)
        : `${format.money(inclVat, amount.currency)} · ${format.energy(energyWh)}`,
  });
  return (
    <>
      <NewBudget tokens={tokens} />
      <Panel title={t('budgets')}>
        <Loaded read={budgets}>
          {({ items, next }) =>
            items.length === 0 ? (
              <Empty title={t('noBudgets')}>
                <p>{t('noBudgetsText')}</p>
              </Empty>
            ) : (
              <>
                <Table
                  id="budgets"
                  caption={t('budgets')}
                  rows={items}
                  rowKey={({ token }) => token}
                  columns={[
                    { id: 'token', header: t('token'), name: true, cell: ({ token }) => names.get(token) ?? token },
                    { id: 'month', header: t('month'), cell: ({ month, timeZone }) => `${month} · ${timeZone}` },
                    {
                      ...{ id: 'budget', header: t('aMonth'), numeric: true },
                      cell: ({ amount, energyWh }) =>
                        [
                          ...(amount === null ? [] : [format.money(amount.inclVat, amount.currency)]),
                          ...(energyWh === null ? [] : [format.energy(energyWh)]),
                        ].join(' · '),
                    },
                    drawn('spent'),
                    drawn('held'),
                    {
                      ...{ id: 'remove', header: t('remove') },
                      cell: ({ token }) => <Remove token={token} name={names.get(token) ?? token} />,
                    },
                  ]}
                />
                <Pager cursor={cursor} next={next} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}
