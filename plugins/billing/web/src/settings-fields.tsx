import { Choose } from '@plugga/console';
import { useId, type ReactNode } from 'react';
import type { SettingsForm } from './settings-form.ts';
import { useText } from './use-text.ts';

interface Part {
  readonly form: SettingsForm;
  readonly set: (change: Partial<SettingsForm>) => void;
}

/** One input of a row or form, by its label. */
function Field(o: {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly decimal?: boolean;
}) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id}>{o.label}</label>
      <input
        id={id}
        inputMode={o.decimal === true ? 'decimal' : undefined}
        value={o.value}
        onChange={({ target }) => o.set(target.value)}
      />
    </div>
  );
}

/** Rows of a list that grows and shrinks. */
function Rows<T>({
  rows,
  empty,
  add,
  remove,
  set,
  children,
}: {
  readonly rows: readonly T[];
  readonly empty: T;
  readonly add: string;
  readonly remove: string;
  readonly set: (rows: readonly T[]) => void;
  readonly children: (row: T, change: (change: Partial<T>) => void) => ReactNode;
}) {
  return (
    <>
      {rows.map((row, n) => (
        // oxlint-disable-next-line react/no-array-index-key -- a row is what is typed: nothing in it names it
        <div key={n} className="filters">
          {children(row, (change) => set(rows.map((it, at) => (at === n ? { ...it, ...change } : it))))}
          <button type="button" className="button" onClick={() => set(rows.filter((_, at) => at !== n))}>
            {remove}
          </button>
        </div>
      ))}
      <div className="actions">
        <button type="button" className="button" onClick={() => set([...rows, empty])}>
          {add}
        </button>
      </div>
    </>
  );
}

/** Where a customer has none of its own. */
export function TermsFields({ form, set }: Part) {
  const t = useText();
  return (
    <div className="form">
      <Field label={t('termsDays')} value={form.termsDays} set={(termsDays) => set({ termsDays })} decimal />
      <Choose
        label={t('billLanguage')}
        value={form.language}
        set={(language) => set({ language })}
        of={[
          ['sv', 'Svenska'],
          ['en', 'English'],
        ]}
      />
    </div>
  );
}

/** What is held for a look before it is billed. */
export function GateFields({ form, set }: Part) {
  const t = useText();
  return (
    <>
      <p className="faint">{t('gateText')}</p>
      <div className="form">
        <Field label={t('gateHours')} value={form.hours} set={(hours) => set({ hours })} decimal />
      </div>
      <Rows
        rows={form.limits}
        empty={{ currency: 'SEK', above: '' }}
        add={t('addLimit')}
        remove={t('removeRow')}
        set={(limits) => set({ limits })}
      >
        {(row, change) => (
          <>
            <Field label={t('limitAbove')} value={row.above} set={(above) => change({ above })} decimal />
            <Field label={t('currency')} value={row.currency} set={(currency) => change({ currency })} />
          </>
        )}
      </Rows>
      <label className="choice">
        <input
          type="checkbox"
          checked={form.emptyWithPrice}
          onChange={({ target }) => set({ emptyWithPrice: target.checked })}
        />
        {t('emptyWithPrice')}
      </label>
    </>
  );
}

/** Of the chart of accounts, for the SIE file. */
export function AccountFields({ form, set }: Part) {
  const t = useText();
  return (
    <>
      <div className="form">
        {(['receivable', 'sales', 'rounding', 'otherVat'] as const).map((name) => (
          <Field
            key={name}
            label={t(`account.${name}`)}
            value={form.accounts[name]}
            set={(value) => set({ accounts: { ...form.accounts, [name]: value } })}
          />
        ))}
      </div>
      <h3>{t('account.vat')}</h3>
      <Rows
        rows={form.vat}
        empty={{ percent: '', account: '', sales: '' }}
        add={t('addRate')}
        remove={t('removeRow')}
        set={(vat) => set({ vat })}
      >
        {(row, change) => (
          <>
            <Field label={t('account.percent')} value={row.percent} set={(percent) => change({ percent })} decimal />
            <Field label={t('account.account')} value={row.account} set={(account) => change({ account })} />
            <Field label={t('account.ofRate')} value={row.sales} set={(sales) => change({ sales })} />
          </>
        )}
      </Rows>
    </>
  );
}
