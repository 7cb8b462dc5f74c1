import {
  Choose,
  Figures,
  Mark,
  Panel,
  ProblemNotice,
  useFormat,
  useHost,
  useLanguage,
  useSiteClock,
  useStyle,
  type ConsoleHost,
  type Problem,
  type texts,
} from '@plugga/console';
import { useEffect, useId, useState } from 'react';
import type { Tariff } from './form.ts';
import { css } from './style.ts';
import type { en } from './texts.ts';
import { always, pricesOf, runsOf, type Hour } from './week.ts';

type Text = ReturnType<ReturnType<typeof texts<typeof en>>>;

const WAIT_MS = 300;
/** In the order of the API's examples. */
const examples = ['exampleNight', 'exampleNoon', 'exampleIdle'] as const;

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
}
/** By whose clock and at which power a draft is shown. */
export interface Seen {
  readonly site: string;
  readonly powerKw: string;
}

interface Finding {
  readonly code: string;
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly path: string;
}
interface Priced {
  readonly timeZone: string;
  readonly hours: readonly Hour[];
  readonly examples: readonly {
    readonly total: { readonly exclVat: string; readonly inclVat: string };
    readonly lines: readonly { readonly dimension: string }[];
  }[];
}
interface Preview {
  readonly findings: readonly Finding[];
  /** Missing while it cannot be priced. */
  readonly priced: Priced | undefined;
}

async function previewOf(
  host: ConsoleHost,
  { tariff, where, powerKw }: { readonly tariff: Tariff; readonly where: object; readonly powerKw: number },
  signal: AbortSignal,
): Promise<Preview> {
  const asked = { method: 'POST', signal, reads: true } as const;
  const { findings } = await host.api<{ readonly findings: readonly Finding[] }>('/tariffs/lint', {
    ...{ ...asked, body: { tariff } },
  });
  if (findings.some(({ level }) => level === 'error')) return { findings, priced: undefined };
  const body = { tariff: always(tariff), powerKw, ...where };
  return { findings, priced: await host.api<Priced>('/tariffs/preview', { ...asked, body }) };
}

/** Checked and priced by the engine as it is typed: nothing here computes a price by itself. */
export function usePreview(
  tariff: Tariff | undefined,
  { site, powerKw }: Seen,
): { readonly preview: Preview | undefined; readonly problem: Problem | undefined } {
  const host = useHost();
  const clock = useSiteClock();
  const [state, setState] = useState<{ preview?: Preview; problem?: Problem }>({});
  const power = Number(powerKw.replace(',', '.'));
  const asked = JSON.stringify({
    tariff,
    powerKw: power > 0 && power <= 1_000 ? power : 11,
    where: site === '' ? { timeZone: clock.zone } : { location: site },
  });
  const isThere = tariff !== undefined;
  useEffect(() => {
    if (!isThere) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      previewOf(host, JSON.parse(asked) as Parameters<typeof previewOf>[1], abort.signal)
        .then((found) =>
          // What was priced last stays in sight while something is refused.
          setState(({ preview }) => ({ preview: { ...found, priced: found.priced ?? preview?.priced } })),
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
  }, [host, isThere, asked]);
  return { preview: state.preview, problem: state.problem };
}

const dayName = (day: number, language: string): string =>
  new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, 4, 4 + day));
const clock = (of: number): string => `${String(of).padStart(2, '0')}:00`;

/** A price for each hour of the week; equal hours are one field with their price in it. */
function Week({
  prices,
  label,
  caption,
  t,
}: {
  readonly prices: readonly (number | undefined)[];
  readonly label: string;
  readonly caption: string;
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
    <div className="table-frame" role="region" aria-label={label} tabIndex={0}>
      <table className="week">
        <caption className="unseen">{caption}</caption>
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
              <th scope="row">{dayName(day, language)}</th>
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

function CheckPanel({ t, preview, problem }: ReturnType<typeof usePreview> & { readonly t: Text }) {
  const findings = preview?.findings ?? [];
  return (
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
      </div>
    </Panel>
  );
}

/** Heat map, example sessions and check of a draft. */
export function PreviewPanels({
  t,
  tariff,
  preview,
  problem,
  sites,
  seen,
  setSeen,
}: ReturnType<typeof usePreview> & {
  readonly t: Text;
  readonly tariff: Tariff | undefined;
  readonly sites: readonly Site[];
  readonly seen: Seen;
  readonly setSeen: (seen: Seen) => void;
}) {
  useStyle(css);
  const id = useId();
  const format = useFormat();
  const [kind, setKind] = useState<'energy' | 'idle'>('energy');
  const currency = tariff?.currency ?? '';
  const priced = preview?.priced;
  const label = t(kind === 'energy' ? 'week' : 'weekIdle');
  return (
    <>
      <CheckPanel t={t} preview={preview} problem={problem} />
      <Panel title={label} aside={<span className="faint">{priced === undefined ? '' : priced.timeZone}</span>}>
        <div className="filters">
          <Choose
            label={t('bySite')}
            value={seen.site}
            set={(site) => setSeen({ ...seen, site })}
            of={[['', t('myClock')], ...sites.map((it) => [it.id, it.name] as const)]}
          />
          <Choose
            label={t('shownPrice')}
            value={kind}
            set={setKind}
            of={[
              ['energy', t('energyShort')],
              ['idle', t('idleShort')],
            ]}
          />
          <div>
            <label htmlFor={`${id}power`}>{t('atPower')}</label>
            <input
              id={`${id}power`}
              inputMode="decimal"
              size={5}
              value={seen.powerKw}
              onChange={({ target }) => setSeen({ ...seen, powerKw: target.value })}
            />
          </div>
        </div>
        {priced === undefined ? null : (
          <Week
            prices={pricesOf(priced.hours, kind)}
            label={label}
            caption={`${t('weekText')} (${currency}, ${priced.timeZone})`}
            t={t}
          />
        )}
      </Panel>
      {priced === undefined ? null : (
        <Panel title={t('examples')}>
          <Figures
            items={priced.examples.map(({ total, lines }, n) => ({
              name: t(examples[n] ?? 'example'),
              value: format.money(total.inclVat, currency),
              note: `${t('net')} ${format.money(total.exclVat, currency)}${
                lines.some(({ dimension }) => dimension === 'limit') ? ` · ${t('limitApplied')}` : ''
              }`,
            }))}
          />
        </Panel>
      )}
    </>
  );
}
