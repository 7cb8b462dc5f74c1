import {
  Figures,
  Mark,
  Panel,
  ProblemNotice,
  useFormat,
  useHost,
  useLanguage,
  useStyle,
  type ConsoleHost,
  type Problem,
  type texts,
} from '@plugga/console';
import { useEffect, useState } from 'react';
import type { Tariff } from './form.ts';
import type { en } from './texts.ts';
import { energyPrice, groupsOf, runsOf, vectorOf, type Example, type Priced } from './week.ts';

type Text = ReturnType<ReturnType<typeof texts<typeof en>>>;

const WAIT_MS = 300;
/** A tariff with more different hours than this is drawn as far as it goes. */
const MOST_GROUPS = 24;
const hour: Example = { kWh: 1, minutes: 6, idleMinutes: 0, hour: 0 };
const examples = [
  ['exampleNight', { kWh: 10, minutes: 60, idleMinutes: 0, hour: 24 + 23 }],
  ['exampleNoon', { kWh: 40, minutes: 30, idleMinutes: 0, hour: 2 * 24 + 12 }],
  ['exampleIdle', { kWh: 20, minutes: 120, idleMinutes: 120, hour: 3 * 24 + 17 }],
] as const satisfies readonly (readonly [keyof typeof en, Example])[];

interface Finding {
  readonly code: string;
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly path: string;
}
interface Preview {
  readonly findings: readonly Finding[];
  /** Of each hour of the week, with VAT; empty while it cannot be priced. */
  readonly prices: readonly (number | undefined)[];
  readonly sessions: readonly Priced[];
}

async function previewOf(host: ConsoleHost, tariff: Tariff, signal: AbortSignal): Promise<Preview> {
  const price = (example: Example): Promise<Priced> =>
    host.api('/tariffs/price', {
      ...{ method: 'POST', body: vectorOf(tariff, example), signal, reads: true },
    });
  const { findings } = await host.api<{ readonly findings: readonly Finding[] }>('/tariffs/lint', {
    ...{ method: 'POST', body: { tariff }, signal, reads: true },
  });
  if (findings.some(({ level }) => level === 'error')) return { findings, prices: [], sessions: [] };
  const sessions = await Promise.all(examples.map(([, example]) => price(example)));
  const groups = groupsOf(tariff).slice(0, MOST_GROUPS);
  const found = await Promise.all(groups.map(([first = 0]) => price({ ...hour, hour: first })));
  const prices: (number | undefined)[] = Array.from({ length: 7 * 24 });
  for (const [n, hours] of groups.entries()) for (const of of hours) prices[of] = energyPrice(found[n]!);
  return { findings, prices, sessions };
}

/** Checked and priced by the engine as it is typed: nothing here computes a price by itself. */
export function usePreview(tariff: Tariff | undefined): {
  readonly preview: Preview | undefined;
  readonly problem: Problem | undefined;
} {
  const host = useHost();
  const [state, setState] = useState<{ preview?: Preview; problem?: Problem }>({});
  const text = JSON.stringify(tariff);
  useEffect(() => {
    if (text === undefined) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      previewOf(host, JSON.parse(text) as Tariff, abort.signal)
        .then((found) =>
          // What was priced last stays in sight while something is refused.
          setState(({ preview }) =>
            found.prices.length === 0 && preview !== undefined
              ? { preview: { ...preview, findings: found.findings } }
              : { preview: found },
          ),
        )
        .catch((problem: Problem) => {
          // What was shown last stays, marked by the check beside it.
          if (!abort.signal.aborted) setState((before) => ({ ...before, problem }));
        });
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [host, text]);
  return { preview: state.preview, problem: state.problem };
}

const css = `
.week { table-layout: fixed; min-width: 36rem; border-spacing: 0; }
.week th, .week td { padding: 0.3rem 0.1rem; border: 1px solid var(--surface); text-align: center; font-size: 0.8rem; }
.week thead th { font-weight: 500; text-align: left; }
.week tbody th { width: 3.2rem; text-align: left; font-weight: 600; }
.week tbody tr:hover { background: none; }
.week col:first-child { width: 3.4rem; }
.week .level { border-radius: 3px; white-space: nowrap; overflow: hidden; }
.week .gap { background: repeating-linear-gradient(45deg, var(--warning-ground) 0 6px, transparent 6px 10px); color: var(--warning-text); }
.editor { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-items: start; }
@media (width >= 90rem) { .editor { grid-template-columns: minmax(24rem, 5fr) minmax(0, 7fr); } }
.editor > div { display: flex; flex-direction: column; gap: 1rem; min-width: 0; }
.editor .form { grid-template-columns: repeat(auto-fit, minmax(min(11rem, 100%), 1fr)); }
.editor h3 { margin-top: 1.25rem; }
.finding .state { align-items: start; }
.finding .mark { margin-top: 0.25rem; }
.band { display: grid; gap: 0.5rem; padding: 0.7rem 0; border-top: 1px solid var(--line); }
.band-days { display: flex; flex-wrap: wrap; gap: 0.15rem 0.7rem; margin: 0; padding: 0; border: 0; }
.band-days label { display: inline-flex; align-items: center; gap: 0.3rem; min-height: 1.75rem; }
.tariff-json { width: 100%; min-height: 22rem; }
`;

const dayName = (day: number, language: string, style: 'short' | 'long'): string =>
  new Intl.DateTimeFormat(language, { weekday: style, timeZone: 'UTC' }).format(Date.UTC(2026, 4, 4 + day));
const clock = (of: number): string => `${String(of).padStart(2, '0')}:00`;

/** A price a kWh for each hour of the week; equal hours are one field with their price in it. */
function Week({
  prices,
  currency,
  t,
}: {
  readonly prices: Preview['prices'];
  readonly currency: string;
  readonly t: Text;
}) {
  const language = useLanguage();
  const number = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 4 });
  const known = prices.filter((it) => it !== undefined);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const share = (price: number): number => (high === low ? 14 : 8 + ((price - low) / (high - low)) * 42);
  return (
    // On a phone it is wider than the screen: scrolled by key too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-frame" role="region" aria-label={t('week')} tabIndex={0}>
      <table className="week">
        <caption className="unseen">
          {t('weekText')} ({currency})
        </caption>
        <colgroup>
          <col />
          {Array.from({ length: 24 }, (_, of) => (
            <col key={of} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <td />
            {Array.from({ length: 8 }, (_, n) => (
              <th key={n} scope="col" colSpan={3}>
                {String(n * 3).padStart(2, '0')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: 7 }, (_, day) => (
            <tr key={day}>
              <th scope="row">{dayName(day, language, 'short')}</th>
              {runsOf(prices, day).map(({ from, hours, price }) => (
                <td
                  key={from}
                  colSpan={hours}
                  className={price === undefined ? 'level gap' : 'level'}
                  title={`${clock(from)}–${clock(from + hours)}`}
                  style={
                    price === undefined
                      ? {}
                      : { background: `color-mix(in srgb, var(--charging) ${share(price)}%, var(--surface))` }
                  }
                >
                  {price === undefined ? t('noPriceAt') : number.format(price)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Whether the engine would take it as it is. */
export const isRefused = (preview: Preview | undefined, problem: Problem | undefined): boolean =>
  problem !== undefined || preview === undefined || preview.findings.some(({ level }) => level === 'error');

/** Heat map, example sessions and check of a draft. */
export function PreviewPanels({
  t,
  tariff,
  preview,
  problem,
}: ReturnType<typeof usePreview> & { readonly t: Text; readonly tariff: Tariff | undefined }) {
  useStyle(css);
  const format = useFormat();
  const currency = tariff?.currency ?? '';
  const findings = preview?.findings ?? [];
  const notes = [...new Set(preview?.sessions.flatMap(({ remarks }) => remarks))];
  return (
    <>
      <Panel title={t('check')}>
        <div role="status" aria-live="polite">
          {problem === undefined ? null : <ProblemNotice problem={problem} />}
          {findings.length === 0 && problem === undefined ? <Mark standing="free">{t('fine')}</Mark> : null}
          <ul>
            {findings.map(({ code, level, message, path }) => (
              <li key={`${code} ${path} ${message}`} className="finding">
                <Mark standing={level === 'error' ? 'faulted' : 'waiting'}>
                  {message} {path === '' ? null : <code className="faint">{path}</code>}
                </Mark>
              </li>
            ))}
          </ul>
          {notes.map((it) => (
            <p key={it} className="faint">
              {it}
            </p>
          ))}
        </div>
      </Panel>
      {preview === undefined || preview.prices.length === 0 ? null : (
        <>
          <Panel title={t('week')}>
            <Week prices={preview.prices} currency={currency} t={t} />
          </Panel>
          <Panel title={t('examples')}>
            <Figures
              items={examples.map(([name], n) => {
                const priced = preview.sessions[n];
                return {
                  name: t(name),
                  value: priced === undefined ? '–' : format.money(priced.invoice.gross, currency),
                  note:
                    priced === undefined ? (
                      ''
                    ) : (
                      <>
                        {t('net')} {format.money(priced.invoice.net, currency)}
                        {priced.limit_applied === null ? '' : ` · ${t('limitApplied')}`}
                      </>
                    ),
                };
              })}
            />
          </Panel>
        </>
      )}
    </>
  );
}
