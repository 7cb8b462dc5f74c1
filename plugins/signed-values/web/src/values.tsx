import { Empty, Link, Loaded, page, PageHead, Pager, Panel, Tabs, usePlace, useRead } from '@plugga/console';
import type { Page } from './meter.ts';
import { SignedSession } from './signed-session.tsx';
import { useText } from './use-text.ts';
import { results, type Verdict } from './verdict.ts';
import { VerdictTable } from './verdict-table.tsx';

function List({ result, cursor }: { readonly result: string | undefined; readonly cursor: string | undefined }) {
  const t = useText();
  const values = useRead<Page<Verdict>>('/signed-values', {
    ...{ query: { result, cursor, limit: 50 }, on: ['session.verified'], keep: true },
  });
  return (
    <>
      <PageHead title={t('values')} />
      <Tabs
        label={t('verdict')}
        items={[
          { to: '', text: t('all'), current: result === undefined },
          ...results.map((it) => ({ to: `?result=${it}`, text: t(`result.${it}`), current: result === it })),
        ]}
      />
      <Panel title={t('values')}>
        <Loaded read={values}>
          {({ items, next }) =>
            items.length === 0 ? (
              <Empty title={t('noValues')}>
                <p>{t('noValuesText')}</p>
              </Empty>
            ) : (
              <>
                <VerdictTable id="signed-values" rows={items} meter />
                <Pager cursor={cursor} next={next} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

function One({ session }: { readonly session: string }) {
  const t = useText();
  return (
    <>
      <PageHead title={t('values')}>
        <div className="actions tight">
          <Link to={`/sessions/${encodeURIComponent(session)}`} className="button">
            {t('session')}
          </Link>
          <Link to="" className="button">
            {t('allValues')}
          </Link>
        </div>
      </PageHead>
      <Panel title={t('ofSession', { session })}>
        <SignedSession session={session} absent={<Empty title={t('notClosed')} />} />
      </Panel>
    </>
  );
}

/** What signed values prove of each session that has closed. */
function Values() {
  const { path, search } = usePlace();
  return path === '' ? <List result={search['result']} cursor={search['cursor']} /> : <One key={path} session={path} />;
}

export const mount = page(Values);
