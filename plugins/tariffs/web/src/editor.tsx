import {
  Confirmed,
  Link,
  PageHead,
  Panel,
  ProblemNotice,
  useAct,
  useHost,
  useLanguage,
  type texts,
} from '@plugga/console';
import { useId, useState } from 'react';
import { emptyForm, formOf, tariffOf, weekdays, type BandForm, type Tariff, type TariffForm } from './form.ts';
import { isRefused, PreviewPanels, usePreview } from './preview.tsx';
import type { en } from './texts.ts';

type Text = ReturnType<ReturnType<typeof texts<typeof en>>>;
type TextField = Exclude<keyof TariffForm, 'bands'>;

const asText = (tariff: Tariff): string => JSON.stringify(tariff, undefined, 2);

function parsed(text: string): { readonly tariff: Tariff } | { readonly error: string } {
  try {
    const tariff = JSON.parse(text) as Tariff;
    return Array.isArray(tariff.elements) ? { tariff } : { error: 'elements' };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

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

function FormPanel({
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

/** Edits a tariff by form or as OCPI, and shows beside it what it costs while it is typed. */
export function Editor({
  t,
  known,
}: {
  readonly t: Text;
  /** The newest version; none for a new tariff. */
  readonly known?: { readonly tariff: Tariff; readonly version: number; readonly evses: number };
}) {
  const host = useHost();
  const id = useId();
  const first = known === undefined ? emptyForm : formOf(known.tariff);
  const [view, setView] = useState<'form' | 'ocpi'>(first === undefined ? 'ocpi' : 'form');
  const [form, setForm] = useState(first ?? emptyForm);
  const [text, setText] = useState(() => asText(known?.tariff ?? tariffOf(emptyForm)));
  const fromText = parsed(text);
  const fromForm = tariffOf(form, known?.tariff);
  const tariff = view === 'form' ? fromForm : 'tariff' in fromText ? fromText.tariff : undefined;
  const inForm = 'tariff' in fromText ? formOf(fromText.tariff) : undefined;
  const { preview, problem } = usePreview(tariff);
  const save = useAct<Tariff, { readonly tariff: Tariff }>(
    (it, body) => it.api('/tariffs', { method: 'POST', body }),
    (saved) => host.navigate(encodeURIComponent(saved.tariff.id)),
  );
  const version = (known?.version ?? 0) + 1;
  const canSave = tariff !== undefined && !isRefused(preview, problem) && tariff.id !== '' && !save.busy;
  return (
    <div className="editor">
      <div>
        <Panel
          title={t('edit')}
          aside={
            <div className="actions tight" role="group" aria-label={t('edit')}>
              <button
                type="button"
                className={view === 'form' ? 'button primary' : 'button'}
                aria-pressed={view === 'form'}
                disabled={view === 'ocpi' && inForm === undefined}
                onClick={() => {
                  if (inForm !== undefined && view === 'ocpi') setForm(inForm);
                  setView('form');
                }}
              >
                {t('visual')}
              </button>
              <button
                type="button"
                className={view === 'ocpi' ? 'button primary' : 'button'}
                aria-pressed={view === 'ocpi'}
                onClick={() => {
                  if (view === 'form') setText(asText(fromForm));
                  setView('ocpi');
                }}
              >
                {t('ocpi')}
              </button>
            </div>
          }
        >
          {view === 'form' ? (
            <FormPanel
              form={form}
              set={(change) => setForm((before) => ({ ...before, ...change }))}
              isNew={known === undefined}
              t={t}
            />
          ) : (
            <>
              {'tariff' in fromText && inForm === undefined ? <p className="banner">{t('noForm')}</p> : null}
              <label htmlFor={id}>{t('json')}</label>
              <textarea
                id={id}
                className="tariff-json"
                spellCheck={false}
                value={text}
                aria-invalid={'error' in fromText}
                onChange={({ target }) => setText(target.value)}
              />
              {'error' in fromText ? (
                <p className="field-error" role="alert">
                  {t('notJson', { error: fromText.error })}
                </p>
              ) : null}
            </>
          )}
          <div className="actions">
            <Confirmed
              trigger={
                <button type="button" className="button primary" disabled={!canSave}>
                  {known === undefined ? t('saveNew') : t('save', { version })}
                </button>
              }
              title={t('saveTitle', { id: tariff?.id ?? '', version })}
              text={known === undefined ? t('saveNewText') : t('saveText', { count: known.evses })}
              action={known === undefined ? t('saveNew') : t('save', { version })}
              danger={false}
              onConfirm={() => tariff !== undefined && save.run(tariff)}
            />
          </div>
          {save.error === null ? null : <ProblemNotice problem={save.error} />}
        </Panel>
      </div>
      <div>
        <PreviewPanels t={t} tariff={tariff} preview={preview} problem={problem} />
      </div>
    </div>
  );
}

export function NewTariff({ t }: { readonly t: Text }) {
  return (
    <>
      <PageHead title={t('new')}>
        <Link to="" className="button">
          {t('all')}
        </Link>
      </PageHead>
      <Editor t={t} />
    </>
  );
}
