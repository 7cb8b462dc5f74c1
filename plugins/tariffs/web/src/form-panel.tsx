import { useLanguage, type texts } from '@plugga/console';
import { useId } from 'react';
import { weekdays, type BandForm, type TariffForm } from './form.ts';
import type { en } from './texts.ts';

type Text = ReturnType<ReturnType<typeof texts<typeof en>>>;
type TextField = Exclude<keyof TariffForm, 'bands'>;

function Band({
  band,
  set,
  remove,
  t,
}: {
  readonly band: BandForm;
  readonly set: (change: Partial<BandForm>) => void;
  readonly remove: () => void;
  readonly t: Text;
}) {
  const id = useId();
  const language = useLanguage();
  const dayName = (day: number): string =>
    new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, 4, 4 + day));
  const field = (name: 'from' | 'to' | 'energy', type: string) => (
    <div>
      <label htmlFor={`${id}${name}`}>{t(name)}</label>
      <input
        id={`${id}${name}`}
        type={type}
        inputMode={name === 'energy' ? 'decimal' : undefined}
        value={band[name]}
        onChange={({ target }) => set({ [name]: target.value })}
      />
    </div>
  );
  return (
    <li className="band">
      <div className="filters">
        {field('from', 'time')}
        {field('to', 'time')}
        {field('energy', 'text')}
        <button type="button" className="button" onClick={remove}>
          {t('removeBand')}
        </button>
      </div>
      <fieldset className="band-days">
        <legend className="faint">
          {t('days')} · {t('daysHint')}
        </legend>
        {weekdays.map((day, n) => (
          <label key={day}>
            <input
              type="checkbox"
              checked={band.days.includes(day)}
              onChange={({ target }) =>
                set({ days: target.checked ? [...band.days, day] : band.days.filter((it) => it !== day) })
              }
            />
            {dayName(n)}
          </label>
        ))}
      </fieldset>
    </li>
  );
}

/** The prices of a tariff as fields, as far as the form can say them. */
export function FormPanel({
  form,
  set,
  isNew,
  t,
}: {
  readonly form: TariffForm;
  readonly set: (change: Partial<TariffForm>) => void;
  readonly isNew: boolean;
  readonly t: Text;
}) {
  const id = useId();
  const field = (
    name: TextField,
    label: keyof typeof en,
    o: { readonly disabled?: boolean; readonly text?: boolean } = {},
  ) => (
    <div>
      <label htmlFor={`${id}${name}`}>{t(label)}</label>
      <input
        id={`${id}${name}`}
        inputMode={o.text === true ? 'text' : 'decimal'}
        value={form[name]}
        disabled={o.disabled === true}
        onChange={({ target }) => set({ [name]: target.value })}
      />
    </div>
  );
  const setBand = (n: number, change: Partial<BandForm>): void =>
    set({ bands: form.bands.map((it, at) => (at === n ? { ...it, ...change } : it)) });
  return (
    <>
      <p className="faint">{t('exclHint')}</p>
      <div className="form">
        {field('id', 'id', { text: true, disabled: !isNew })}
        {field('currency', 'currency', { text: true })}
        {field('vat', 'vat')}
        {field('energy', 'energy')}
        {field('flat', 'flat')}
        {field('time', 'time')}
        {field('idle', 'idle')}
        {field('graceMinutes', 'grace')}
        {field('min', 'min')}
        {field('max', 'max')}
      </div>
      <h3>{t('bands')}</h3>
      <ul>
        {form.bands.map((band, n) => (
          <Band
            // The order is what tells them apart.
            // oxlint-disable-next-line react/no-array-index-key
            key={n}
            band={band}
            set={(change) => setBand(n, change)}
            remove={() => set({ bands: form.bands.filter((_, at) => at !== n) })}
            t={t}
          />
        ))}
      </ul>
      <div className="actions">
        <button
          type="button"
          className="button"
          onClick={() => set({ bands: [...form.bands, { days: [], from: '22:00', to: '06:00', energy: form.energy }] })}
        >
          {t('addBand')}
        </button>
      </div>
    </>
  );
}
