import {
  Confirmed,
  Empty,
  Facts,
  Link,
  Loaded,
  Mark,
  Moment,
  PageHead,
  Pager,
  Panel,
  ProblemNotice,
  Table,
  useAct,
  useHost,
  useRead,
} from '@plugga/console';
import { toldText, useFound } from './found-keys.tsx';
import { KeyForm } from './key-form.tsx';
import { grouped, keyStateOf, toldBy, type Meter, type MeterKey, type Page } from './meter.ts';
import { useText } from './use-text.ts';
import type { Verdict } from './verdict.ts';
import { VerdictTable } from './verdict-table.tsx';

const standings = { trusted: 'free', later: 'waiting', over: 'out', retired: 'out' } as const;

function Retire({ serial, of }: { readonly serial: string; readonly of: MeterKey }) {
  const t = useText();
  const retire = useAct((host) =>
    host.api(`/meters/${encodeURIComponent(serial)}/keys/${of.fingerprint}`, { method: 'DELETE' }),
  );
  return (
    <>
      <Confirmed
        trigger={
          <button type="button" className="button danger" disabled={retire.busy}>
            {t('retire')}
          </button>
        }
        title={t('retireTitle', { serial })}
        text={
          <>
            {t('retireText')}
            <br />
            <code>{grouped(of.fingerprint)}</code>
          </>
        }
        action={t('retire')}
        onConfirm={() => retire.run()}
      />
      {retire.error === null ? null : <ProblemNotice problem={retire.error} />}
    </>
  );
}

function State({ of }: { readonly of: MeterKey }) {
  const t = useText();
  const state = keyStateOf(of, useHost().now());
  return (
    <>
      <Mark standing={standings[state]}>{t(`state.${state}`)}</Mark>
      {of.withdrawnAt === null ? null : (
        <div className="faint">
          <Moment at={of.withdrawnAt} /> {of.withdrawnBy}
        </div>
      )}
    </>
  );
}

function Keys({ meter: { serial, keys } }: { readonly meter: Meter }) {
  const t = useText();
  const found = useFound().data?.items ?? [];
  return (
    <Panel title={t('keys')}>
      {keys.length === 0 ? (
        <Empty title={t('noKey')}>
          <p>{t('noKeyText')}</p>
        </Empty>
      ) : (
        <Table
          id="meter-keys"
          caption={t('keys')}
          rows={keys}
          rowKey={(it) => `${it.fingerprint} ${it.registeredAt}`}
          columns={[
            {
              ...{ id: 'fingerprint', header: t('fingerprint'), name: true },
              cell: (it) => <code>{grouped(it.fingerprint)}</code>,
            },
            { id: 'curve', header: t('curve'), cell: ({ curve }) => curve },
            {
              ...{ id: 'source', header: t('source') },
              cell: (it) => {
                const told = toldBy(it.fingerprint, found);
                return (
                  <>
                    {it.registeredBy} <Moment at={it.registeredAt} />
                    <div className="faint">{toldText(told, t)}</div>
                    {it.note === null ? null : <div className="faint">{it.note}</div>}
                  </>
                );
              },
            },
            {
              ...{ id: 'valid', header: t('valid') },
              cell: ({ from, until }) =>
                from === null && until === null ? (
                  t('always')
                ) : (
                  <>
                    {from === null ? '' : <Moment at={from} />} – {until === null ? '' : <Moment at={until} />}
                  </>
                ),
            },
            { id: 'state', header: t('state'), cell: (it) => <State of={it} /> },
            {
              ...{ id: 'retire', header: t('retire') },
              cell: (it) => (it.withdrawnAt === null ? <Retire serial={serial} of={it} /> : '–'),
            },
          ]}
        />
      )}
    </Panel>
  );
}

/** A meter: its keys, another one for it, and what was said of the sessions that it signed. */
export function OneMeter({ serial, cursor }: { readonly serial: string; readonly cursor: string | undefined }) {
  const t = useText();
  const meter = useRead<Meter>(`/meters/${encodeURIComponent(serial)}`);
  const values = useRead<Page<Verdict>>('/signed-values', {
    ...{ query: { meter: serial, cursor, limit: 50 }, on: ['session.verified'], keep: true },
  });
  return (
    <Loaded read={meter} absent={<Empty page title={t('unknownMeter', { serial })} />}>
      {(it) => (
        <>
          <PageHead title={it.serial}>
            <Link to="" className="button">
              {t('allMeters')}
            </Link>
          </PageHead>
          <Panel title={t('meter')}>
            <Facts
              items={[
                [
                  t('station'),
                  it.station === null ? (
                    '–'
                  ) : (
                    <Link key="station" to={`/stations/${encodeURIComponent(it.station)}`}>
                      {it.station}
                    </Link>
                  ),
                ],
                [t('firstSigned'), it.firstSeenAt === null ? '–' : <Moment key="first" at={it.firstSeenAt} />],
                [t('lastSigned'), it.lastSeenAt === null ? '–' : <Moment key="last" at={it.lastSeenAt} />],
              ]}
            />
          </Panel>
          <Keys meter={it} />
          <KeyForm serial={it.serial} />
          <Panel title={t('sessions')}>
            <Loaded read={values}>
              {({ items, next }) =>
                items.length === 0 ? (
                  <Empty title={t('noSessions')} />
                ) : (
                  <>
                    <VerdictTable id="meter-sessions" rows={items} />
                    <Pager cursor={cursor} next={next} />
                  </>
                )
              }
            </Loaded>
          </Panel>
        </>
      )}
    </Loaded>
  );
}
