import {
  Confirmed,
  Facts,
  Flags,
  Mark,
  ProblemNotice,
  useAct,
  useFormat,
  useLanguage,
  type Standing,
} from '@plugga/console';
import type { Cdr, Line } from './cdr.ts';
import { useText } from './use-text.ts';

const known = {
  energy: 'energyLine',
  time: 'timeLine',
  idle: 'idleLine',
  flat: 'flatLine',
  fee: 'feeLine',
  reservation: 'reservationLine',
  congestion: 'congestionLine',
  limit: 'limitLine',
} as const;

function When({ line }: { readonly line: Line }) {
  const format = useFormat();
  if (line.from === undefined || line.to === undefined) return null;
  return (
    <div className="faint">
      {format.moment(line.from)}
      {line.from === line.to ? '' : ` – ${format.moment(line.to)}`}
    </div>
  );
}

/** Each line with its price and why it has that; the sum, and what changed it. */
export function WhyThisPrice({ cdr }: { readonly cdr: Cdr }) {
  const t = useText();
  const format = useFormat();
  const language = useLanguage();
  const { currency, lines, limit } = cdr;
  if (currency === null || lines === null) return <p className="faint">{t('unpriced')}</p>;
  const money = (value: string | null): string => (value === null ? '–' : format.money(value, currency));
  return (
    <>
      <div className="table-frame">
        <table role="table" className="cards">
          <caption className="unseen">{t('whyPrice')}</caption>
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col">
                {t('line')}
              </th>
              <th role="columnheader" scope="col">
                {t('because')}
              </th>
              {(['quantity', 'unitPrice', 'vatPercent', 'net'] as const).map((id) => (
                <th role="columnheader" scope="col" key={id} className="numeric">
                  {t(id)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {lines.map((line) => (
              <tr
                role="row"
                key={`${line.dimension} ${line.from} ${line.unitPrice} ${line.vatPercent} ${line.quantity}`}
              >
                <td role="cell" className="row-name">
                  <div>{t(known[line.dimension])}</div>
                </td>
                <td role="cell" data-label={t('because')}>
                  <div>
                    {line.why?.[language] ?? line.text}
                    <When line={line} />
                  </div>
                </td>
                <td role="cell" className="numeric" data-label={t('quantity')}>
                  <div>
                    {format.decimal(line.quantity, 3)}
                    {line.unit === 'session' ? '' : `\u00A0${line.unit}`}
                  </div>
                </td>
                <td role="cell" className="numeric" data-label={t('unitPrice')}>
                  <div>{format.unitPrice(line.unitPrice, currency)}</div>
                </td>
                <td role="cell" className="numeric" data-label={t('vatPercent')}>
                  <div>{format.percent(line.vatPercent)}</div>
                </td>
                <td role="cell" className="numeric" data-label={t('net')}>
                  <div>{format.money(line.exclVat, currency)}</div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {cdr.taxIncluded ? <p className="faint">{t('taxIncluded')}</p> : null}
      {limit === null ? null : (
        <p className="banner">
          {t(limit.applied === 'min_price' ? 'minPrice' : 'maxPrice', { before: money(limit.before.inclVat) })}
        </p>
      )}
      <table className="sums totals">
        <caption className="unseen">{t('total')}</caption>
        <tbody>
          <tr>
            <th scope="row">{t('exclVat')}</th>
            <td className="numeric">{money(cdr.exclVat)}</td>
          </tr>
          <tr>
            <th scope="row">{t('vat')}</th>
            <td className="numeric">{money(cdr.vat)}</td>
          </tr>
          <tr className="total">
            <th scope="row">{t('inclVat')}</th>
            <td className="numeric">{money(cdr.inclVat)}</td>
          </tr>
        </tbody>
      </table>
      {cdr.notes.length === 0 ? null : (
        <>
          <h3>{t('notes')}</h3>
          <ul>
            {cdr.notes.map(({ code, text }) => (
              <li key={code}>{text}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

const signedStandings = {
  verified: 'free',
  failed: 'faulted',
  unverified: 'waiting',
  none: 'out',
} as const satisfies Record<string, Standing>;

function Signed({ signed }: { readonly signed: NonNullable<Cdr['signed']> }) {
  const t = useText();
  return (
    <>
      <Mark standing={signedStandings[signed.result]}>
        {t(signed.result === 'none' ? 'noneSigned' : signed.result)}
      </Mark>
      {signed.reasons.length === 0 ? null : <div className="faint">{signed.reasons.join('; ')}</div>}
    </>
  );
}

/** What it is made of beside its price. */
export function CdrFacts({ cdr }: { readonly cdr: Cdr }) {
  const t = useText();
  const format = useFormat();
  const wh = (value: number | null): string => (value === null ? '–' : format.energy(value));
  return (
    <Facts
      items={[
        [t('state'), <State key="state" cdr={cdr} />],
        [t('energy'), format.energy(cdr.energyWh)],
        [t('meter'), `${wh(cdr.meterStartWh)} → ${wh(cdr.meterStopWh)}`],
        [t('duration'), format.duration(Date.parse(cdr.endedAt) - Date.parse(cdr.startedAt))],
        [t('tariff'), cdr.offer ?? '–'],
        ...(cdr.locationName === null ? [] : [[t('station'), cdr.locationName] as const]),
        ...(cdr.signed === null ? [] : [[t('signed'), <Signed key="signed" signed={cdr.signed} />] as const]),
      ]}
    />
  );
}

export function State({ cdr }: { readonly cdr: Cdr }) {
  const t = useText();
  if (cdr.kind === 'credit') return <Mark standing="out">{t('credit')}</Mark>;
  return (
    <>
      <Mark standing={cdr.status === 'held' ? 'waiting' : 'free'}>{t(cdr.status)}</Mark>
      {cdr.heldReasons.length === 0 || cdr.status !== 'held' ? null : (
        <div>
          <Flags flags={cdr.heldReasons} />
        </div>
      )}
    </>
  );
}

/** Bills a held one as it stands, after asking. */
export function Release({ cdr }: { readonly cdr: Cdr }) {
  const t = useText();
  const format = useFormat();
  const release = useAct((host) => host.api(`/cdrs/${encodeURIComponent(cdr.id)}/release`, { method: 'POST' }));
  if (cdr.status !== 'held' || cdr.kind === 'credit') return null;
  if (cdr.currency === null || cdr.inclVat === null) return <span className="faint">{t('unpriced')}</span>;
  return (
    <>
      <Confirmed
        trigger={
          <button type="button" className="button" disabled={release.busy}>
            {t('release')}
          </button>
        }
        title={t('releaseTitle', {
          energy: format.energy(cdr.energyWh),
          total: format.money(cdr.inclVat, cdr.currency),
        })}
        text={t('releaseText', { reasons: cdr.heldReasons.join(', ') })}
        action={t('release')}
        danger={false}
        onConfirm={() => release.run()}
      />
      {release.error === null ? null : <ProblemNotice problem={release.error} />}
    </>
  );
}
