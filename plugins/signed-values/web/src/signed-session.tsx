import { Empty, Facts, Link, Loaded, Moment, ProblemNotice, Table, useAct, useRead, useStyle } from '@plugga/console';
import type { ReactNode } from 'react';
import { grouped } from './meter.ts';
import { useText } from './use-text.ts';
import type { SignedRecord, VerdictWhole } from './verdict.ts';
import { Reasons, ResultMark, SignedEnergy } from './verdict-mark.tsx';

const style = '.signed-raw { white-space: pre-wrap; overflow-wrap: anywhere; }';

interface Reading {
  readonly [field: string]: unknown;
}
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
/** Of an OCMF payload; what a reading leaves out is as in the one before. */
function readingsOf({ fields }: SignedRecord): readonly Reading[] {
  const told = fields?.['RD'];
  let before: Reading = {};
  return (Array.isArray(told) ? told : []).map((it: unknown) => {
    before = { ...before, ...(typeof it === 'object' ? it : {}) };
    return before;
  });
}

function Readings({ record }: { readonly record: SignedRecord }) {
  const t = useText();
  const readings = readingsOf(record);
  if (readings.length === 0) return <p className="faint">{t('notRead', { format: record.format })}</p>;
  return (
    <Table
      id="signed-readings"
      caption={t('readings')}
      rows={readings.map((it, n) => ({ ...it, n }))}
      rowKey={({ n }) => String(n)}
      columns={[
        { id: 'at', header: t('meterTime'), name: true, cell: (it: Reading) => text(it['TM']) },
        { id: 'mark', header: t('mark'), cell: (it: Reading) => text(it['TX']) || '–' },
        { id: 'register', header: t('registerName'), cell: (it: Reading) => text(it['RI']) || '–' },
        {
          ...{ id: 'value', header: t('value'), numeric: true },
          cell: (it: Reading) => `${text(it['RV'])} ${text(it['RU'])}`,
        },
        { id: 'status', header: t('meterStatus'), cell: (it: Reading) => text(it['ST']) || '–' },
      ]}
    />
  );
}

function OneRecord({ record, n }: { readonly record: SignedRecord; readonly n: number }) {
  const t = useText();
  return (
    <section className="order">
      <h3>{t('record', { n })}</h3>
      <Facts
        items={[
          [t('verdict'), <ResultMark key="result" result={record.result} />],
          [t('why'), <Reasons key="why" reasons={record.reasons} />],
          [t('format'), `${record.format}${record.pagination === null ? '' : ` · ${record.pagination}`}`],
          [t('received'), <Moment key="received" at={record.receivedAt} />],
          [t('meter'), record.meter ?? '–'],
        ]}
      />
      <Readings record={record} />
      <p>
        SHA-256 <code>{grouped(record.sha256)}</code>
      </p>
      {record.publicKey === null ? null : (
        <p>
          {t('verifiedWith')} <code>{grouped(record.publicKey)}</code>
        </p>
      )}
      <details>
        <summary>{t('asSent')}</summary>
        <p className="signed-raw">
          <code>{record.value}</code>
        </p>
      </details>
    </section>
  );
}

/** Verdict, records and what can be done with them, of one session. */
export function SignedSession({ session, absent }: { readonly session: string; readonly absent: ReactNode }) {
  const t = useText();
  useStyle(style);
  const path = `/signed-values/${encodeURIComponent(session)}`;
  const read = useRead<VerdictWhole>(path, { on: ['session.verified'] });
  const check = useAct((host) => host.api(`${path}/check`, { method: 'POST' }));
  const save = useAct((host) => host.download(`${path}/export.xml`, `signed-values-${session}.xml`));
  const error = check.error ?? save.error;
  return (
    <Loaded read={read} absent={absent}>
      {(it) =>
        it.records.length === 0 ? (
          <Empty title={t('nothingSigned')}>
            <p>{t('nothingSignedText')}</p>
          </Empty>
        ) : (
          <>
            <Facts
              items={[
                [t('verdict'), <ResultMark key="result" result={it.result} />],
                [t('why'), <Reasons key="why" reasons={it.reasons} />],
                [t('signedEnergy'), <SignedEnergy key="energy" verdict={it} />],
                [
                  t('meter'),
                  it.meter === null ? (
                    '–'
                  ) : (
                    <Link key="meter" to={`/p/signed-values/meters/${encodeURIComponent(it.meter)}`}>
                      {it.meter}
                    </Link>
                  ),
                ],
                [t('judged'), <Moment key="judged" at={it.judgedAt} />],
              ]}
            />
            <div className="actions">
              <button type="button" className="button" disabled={save.busy} onClick={() => save.run()}>
                {t('export')}
              </button>
              <button type="button" className="button" disabled={check.busy} onClick={() => check.run()}>
                {t('checkAgain')}
              </button>
            </div>
            {error === null ? null : <ProblemNotice problem={error} />}
            {it.records.map((record, n) => (
              <OneRecord key={record.id} record={record} n={n + 1} />
            ))}
          </>
        )
      }
    </Loaded>
  );
}
