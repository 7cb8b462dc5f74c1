import { Panel, useRead } from '@plugga/console';
import { useId } from 'react';
import { emptyOther, sellerFields, type OtherForm, type SellerForm } from './settings-form.ts';
import { useText } from './use-text.ts';

/** Who bills: what stands on each of its bills. */
export function SellerFields({
  id,
  form,
  set,
}: {
  readonly id: string;
  readonly form: SellerForm;
  readonly set: (change: Partial<SellerForm>) => void;
}) {
  const t = useText();
  return (
    <>
      <div className="form">
        {sellerFields.map((name) => (
          <div key={name}>
            <label htmlFor={`${id}${name}`}>{t(`seller.${name}`)}</label>
            <input
              id={`${id}${name}`}
              type={name === 'email' ? 'email' : 'text'}
              value={form[name]}
              onChange={({ target }) => set({ [name]: target.value })}
            />
          </div>
        ))}
      </div>
      <label className="choice">
        <input type="checkbox" checked={form.fTax} onChange={({ target }) => set({ fTax: target.checked })} />
        {t('seller.fTax')}
      </label>
    </>
  );
}

interface Site {
  readonly id: string;
  readonly name: string;
}

function Other({
  form,
  sites,
  set,
  remove,
}: {
  readonly form: OtherForm;
  readonly sites: readonly Site[];
  readonly set: (change: Partial<OtherForm>) => void;
  readonly remove: () => void;
}) {
  const t = useText();
  const id = useId();
  const names = new Map(sites.map((it) => [it.id, it.name]));
  // Of a location that is not there any more only its id is known.
  const all = [...new Set([...sites.map((it) => it.id), ...form.locations])];
  return (
    <section className="order">
      <h3>{form.legalName.trim() || form.id || t('newSeller')}</h3>
      <div className="form">
        <div>
          <label htmlFor={`${id}id`}>{t('seller.id')}</label>
          <input
            id={`${id}id`}
            value={form.id}
            readOnly={form.known}
            onChange={({ target }) => set({ id: target.value })}
          />
        </div>
        <div>
          <label htmlFor={`${id}prefix`}>{t('seller.numberPrefix')}</label>
          <input
            id={`${id}prefix`}
            value={form.numberPrefix}
            onChange={({ target }) => set({ numberPrefix: target.value })}
          />
        </div>
      </div>
      <fieldset className="choices">
        <legend className="faint">{t('seller.locations')}</legend>
        {all.map((location) => (
          <label key={location} className="choice">
            <input
              type="checkbox"
              checked={form.locations.includes(location)}
              onChange={({ target }) =>
                set({
                  locations: target.checked
                    ? [...form.locations, location]
                    : form.locations.filter((it) => it !== location),
                })
              }
            />
            {names.get(location) ?? location}
          </label>
        ))}
      </fieldset>
      <SellerFields id={id} form={form} set={set} />
      <div className="actions">
        <button type="button" className="button" onClick={remove}>
          {t('removeSeller')}
        </button>
      </div>
    </section>
  );
}

/** Other legal entities, each with a series of numbers of its own. */
export function OtherSellers({
  forms,
  set,
}: {
  readonly forms: readonly OtherForm[];
  readonly set: (forms: readonly OtherForm[]) => void;
}) {
  const t = useText();
  const sites = useRead<{ readonly items: readonly Site[] }>('/locations', { query: { limit: 200 } });
  return (
    <Panel title={t('otherSellers')}>
      <p className="faint">{t('otherSellersText')}</p>
      {forms.map((form, n) => (
        <Other
          // oxlint-disable-next-line react/no-array-index-key -- an id is typed: it is not yet one
          key={n}
          form={form}
          sites={sites.data?.items ?? []}
          set={(change) => set(forms.map((it, at) => (at === n ? { ...it, ...change } : it)))}
          remove={() => set(forms.filter((_, at) => at !== n))}
        />
      ))}
      <div className="actions">
        <button type="button" className="button" onClick={() => set([...forms, emptyOther])}>
          {t('addSeller')}
        </button>
      </div>
    </Panel>
  );
}
