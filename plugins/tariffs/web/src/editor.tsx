import { Confirmed, Link, PageHead, Panel, ProblemNotice, useAct, useHost, type texts } from '@plugga/console';
import { useId, useState } from 'react';
import { BacktestPanel } from './backtest.tsx';
import { FormPanel } from './form-panel.tsx';
import { emptyForm, formOf, tariffOf, type Tariff } from './form.ts';
import { isRefused, PreviewPanels, usePreview, type Seen, type Site } from './preview.tsx';
import type { en } from './texts.ts';

type Text = ReturnType<ReturnType<typeof texts<typeof en>>>;

const asText = (tariff: Tariff): string => JSON.stringify(tariff, undefined, 2);

function parsed(text: string): { readonly tariff: Tariff } | { readonly error: string } {
  try {
    const tariff = JSON.parse(text) as Tariff;
    return Array.isArray(tariff.elements) ? { tariff } : { error: 'elements' };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

export interface Known {
  readonly tariff: Tariff;
  readonly version: number;
  readonly createdBy: string | null;
  readonly evses: number;
  /** Of the answer that told it: what a change is made of. */
  readonly etag: string | undefined;
}

/** Somebody else saved a version while this one was edited: neither is lost. */
function Overtaken({
  t,
  newest,
  take,
  keep,
}: {
  readonly t: Text;
  readonly newest: Known;
  readonly take: () => void;
  readonly keep: () => void;
}) {
  return (
    <div className="banner warning" role="alert">
      <p>{t('overtaken', { version: newest.version, by: newest.createdBy ?? '–' })}</p>
      <div className="actions">
        <button type="button" className="button" onClick={take}>
          {t('takeTheirs', { version: newest.version })}
        </button>
        <button type="button" className="button" onClick={keep}>
          {t('keepMine')}
        </button>
      </div>
    </div>
  );
}

const isAbsent = (problem: unknown): undefined => {
  if (typeof problem === 'object' && problem !== null && 'status' in problem && problem.status === 404)
    return undefined;
  throw problem;
};

/** Edits a tariff by form or as OCPI, and shows beside it what it costs while it is typed. */
export function Editor({
  t,
  newest,
  sites,
  site,
  again,
}: {
  readonly t: Text;
  /** The newest version as the platform tells it; none for a new tariff. */
  readonly newest?: Known;
  readonly sites: readonly Site[];
  /** By whose clock it is shown first. */
  readonly site: string;
  /** Begins anew, with the newest version. */
  readonly again: () => void;
}) {
  const host = useHost();
  const id = useId();
  const [known, setKnown] = useState(newest);
  const first = known === undefined ? emptyForm : formOf(known.tariff);
  const [view, setView] = useState<'form' | 'ocpi'>(first === undefined ? 'ocpi' : 'form');
  const [form, setForm] = useState(first ?? emptyForm);
  const [text, setText] = useState(() => asText(known?.tariff ?? tariffOf(emptyForm)));
  const [taken, setTaken] = useState<string>();
  const [seen, setSeen] = useState<Seen>({ site, powerKw: '11' });
  const fromText = parsed(text);
  const fromForm = tariffOf(form, known?.tariff);
  const tariff = view === 'form' ? fromForm : 'tariff' in fromText ? fromText.tariff : undefined;
  const inForm = 'tariff' in fromText ? formOf(fromText.tariff) : undefined;
  const { preview, problem } = usePreview(tariff, seen);
  const isOvertaken = newest !== undefined && known !== undefined && newest.version > known.version;
  const save = useAct<Tariff, Omit<Known, 'evses'> | undefined>(
    async (it, body) => {
      const tag = newest !== undefined && newest.version === known?.version ? newest.etag : known?.etag;
      let etag: string | undefined;
      // One that is new must not become the next version of another with that name.
      if (known === undefined) {
        const there = await it.api(`/tariffs/${encodeURIComponent(body.id)}`).catch(isAbsent);
        setTaken(there === undefined ? undefined : body.id);
        if (there !== undefined) return undefined;
      }
      const saved = await it.api<Omit<Known, 'etag' | 'evses'>>('/tariffs', {
        ...{ method: 'POST', body, answered: (headers) => (etag = headers.get('etag') ?? undefined) },
        ...(tag === undefined ? {} : { headers: { 'if-match': tag } }),
      });
      return { ...saved, etag };
    },
    (saved) => {
      if (saved === undefined) return;
      setKnown({ ...saved, evses: known?.evses ?? 0 });
      host.navigate(encodeURIComponent(saved.tariff.id));
    },
  );
  const version = (known?.version ?? 0) + 1;
  const canSave =
    tariff !== undefined && !isRefused(preview, problem) && tariff.id !== '' && !save.busy && !isOvertaken;
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
          {isOvertaken ? <Overtaken t={t} newest={newest} take={again} keep={() => setKnown(newest)} /> : null}
          {taken !== undefined && taken === tariff?.id ? (
            <p className="field-error" role="alert">
              {t('taken', { id: taken })}
            </p>
          ) : null}
          <div className="actions">
            <Confirmed
              trigger={
                <button type="button" className="button primary" disabled={!canSave}>
                  {known === undefined ? t('saveNew') : t('save', { version })}
                </button>
              }
              title={t('saveTitle', { id: tariff?.id ?? '', version })}
              text={known === undefined ? t('saveNewText') : t('saveText', { count: newest?.evses ?? 0 })}
              action={known === undefined ? t('saveNew') : t('save', { version })}
              danger={false}
              onConfirm={() => tariff !== undefined && save.run(tariff)}
            />
          </div>
          {save.error === null ? null : <ProblemNotice problem={save.error} />}
        </Panel>
      </div>
      <div>
        <PreviewPanels {...{ t, tariff, preview, problem, sites, seen, setSeen }} />
        <BacktestPanel
          t={t}
          tariff={tariff}
          isKnown={known !== undefined}
          isRefused={isRefused(preview, problem)}
          sites={sites}
        />
      </div>
    </div>
  );
}

export function NewTariff({ t, sites }: { readonly t: Text; readonly sites: readonly Site[] }) {
  return (
    <>
      <PageHead title={t('new')}>
        <Link to="" className="button">
          {t('all')}
        </Link>
      </PageHead>
      <Editor t={t} sites={sites} site={sites[0]?.id ?? ''} again={() => undefined} />
    </>
  );
}
