import {
  Confirmed,
  Empty,
  Loaded,
  Overtaken,
  Pager,
  Panel,
  ProblemNotice,
  Table,
  useAct,
  useFormat,
  useRead,
  useSiteClock,
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
  readonly reserve: { readonly inclVat: string | null; readonly energyWh: number | null };
  readonly etag: string;
}

const WH = 1_000;
const asNumber = (text: string): string => text.trim().replace(',', '.');

/** What the form does not ask for stays as it is. */
const kept = ({ reserve, timeZone }: Budget) => ({
  timeZone,
  reserve: {
    ...(reserve.inclVat === null ? {} : { inclVat: reserve.inclVat }),
    ...(reserve.energyWh === null ? {} : { energyWh: reserve.energyWh }),
  },
});

/** Gives a token a budget a month, or another one in the place of `known`. What is typed stays when it is refused. */
function BudgetForm({
  tokens,
  known,
  name,
  isThere,
  again,
  left,
}: {
  readonly tokens: readonly Token[];
  readonly known: Budget | undefined;
  readonly name: string;
  readonly isThere: (token: string) => boolean;
  readonly again: () => void;
  readonly left: () => void;
}) {
  const t = useText();
  const id = useId();
  const clock = useSiteClock();
  const [token, setToken] = useState(known?.token ?? '');
  const [amount, setAmount] = useState(known?.amount?.inclVat ?? '');
  const [currency, setCurrency] = useState(known?.amount?.currency ?? 'SEK');
  const [kWh, setKWh] = useState(known?.energyWh == null ? '' : String(known.energyWh / WH));
  const save = useAct<boolean>(
    (host, force) =>
      host.api(`/budgets/${encodeURIComponent(token)}`, {
        method: 'PUT',
        body: {
          amount: amount.trim() === '' ? null : { currency: currency.trim().toUpperCase(), inclVat: asNumber(amount) },
          energyWh: kWh.trim() === '' ? null : Math.round(Number(asNumber(kWh)) * WH),
          ...(known === undefined ? { timeZone: clock.zone } : kept(known)),
        },
        ...(known === undefined || force ? {} : { headers: { 'if-match': `"${known.etag}"` } }),
      }),
    left,
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
    <Panel title={known === undefined ? t('newBudget') : t('changeBudget', { name })}>
      <p className="faint">{t('budgetText')}</p>
      <div className="filters">
        {known === undefined ? <TokenChoice label={t('token')} value={token} tokens={tokens} set={setToken} /> : null}
        {field('budgetAmount', amount, setAmount)}
        {field('currency', currency, setCurrency)}
        {field('budgetKWh', kWh, setKWh)}
        {save.error?.status === 412 ? null : (
          <button
            type="button"
            className="button primary"
            disabled={!isWhole || save.busy}
            onClick={() => save.run(false)}
          >
            {t('save')}
          </button>
        )}
        {known === undefined ? null : (
          <button type="button" className="button" onClick={left}>
            {t('newBudget')}
          </button>
        )}
      </div>
      {known === undefined && isThere(token) ? <p className="banner">{t('budgetThere')}</p> : null}
      {save.error?.status === 412 ? (
        <Overtaken busy={save.busy} again={again} force={() => save.run(true)} />
      ) : save.error === null ? null : (
        <ProblemNotice problem={save.error} />
      )}
    </Panel>
  );
}

function Remove({ budget: { token, etag }, name }: { readonly budget: Budget; readonly name: string }) {
  const t = useText();
  const remove = useAct((host) =>
    host.api(`/budgets/${encodeURIComponent(token)}`, {
      ...{ method: 'DELETE', headers: { 'if-match': `"${etag}"` } },
    }),
  );
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
  const nameOf = ({ token }: Budget): string => names.get(token) ?? token;
  const [made, setMade] = useState(0);
  const [edited, edit] = useState<{ readonly budget: Budget; readonly round: number }>();
  const again = (): void => {
    const now = budgets.data?.items.find(({ token }) => token === edited?.budget.token);
    edit(now === undefined ? undefined : { budget: now, round: (edited?.round ?? 0) + 1 });
  };
  const drawn = (id: 'spent' | 'held'): Column<Budget> => ({
    ...{ id, header: t(id === 'spent' ? 'spent' : 'reserved'), numeric: true },
    cell: ({ amount, [id]: { inclVat, energyWh } }) =>
      amount === null || inclVat === null
        ? format.energy(energyWh)
        : `${format.money(inclVat, amount.currency)} · ${format.energy(energyWh)}`,
  });
  return (
    <>
      <BudgetForm
        key={edited === undefined ? `new ${made}` : `${edited.budget.token} ${edited.round}`}
        tokens={tokens}
        known={edited?.budget}
        name={edited === undefined ? '' : nameOf(edited.budget)}
        isThere={(token) => budgets.data?.items.some((it) => it.token === token) === true}
        again={again}
        left={() => {
          edit(undefined);
          setMade(made + 1);
        }}
      />
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
                      ...{ id: 'change', header: t('change') },
                      cell: (it) => (
                        <div className="actions tight">
                          <button type="button" className="button" onClick={() => edit({ budget: it, round: 0 })}>
                            {t('change')}
                          </button>
                          <Remove budget={it} name={nameOf(it)} />
                        </div>
                      ),
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
