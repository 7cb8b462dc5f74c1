import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useId, type FormEvent } from 'react';
import { queries } from '../api/queries.ts';
import type { Session, SessionStatus } from '../api/types.ts';
import { dayAfter } from '../format/site-time.ts';
import { useText } from '../language/index.ts';
import { Empty, Loaded } from '../parts/notice.tsx';
import { Pager } from '../parts/pager.tsx';
import { sessionColumns } from '../parts/session-cells.tsx';
import { ByClock, useSiteClock } from '../parts/site-clock.tsx';
import { DataTable, type Column } from '../parts/table.tsx';

const route = getRouteApi('/sessions');
const statuses: readonly SessionStatus[] = ['pending', 'active', 'ended', 'closed', 'void'];

const columns: readonly Column<Session>[] = [
  sessionColumns.place,
  sessionColumns.status,
  sessionColumns.started,
  sessionColumns.duration,
  sessionColumns.energy,
  sessionColumns.cost,
  sessionColumns.token,
  sessionColumns.flags,
];

function Filters() {
  const { t } = useText();
  const id = useId();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filtered = [search.station, search.status, search.from, search.to].some((it) => it !== undefined);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const text = (name: string): string | undefined => {
      const value = given.get(name);
      return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
    };
    void navigate({
      search: {
        station: text('station'),
        status: statuses.find((it) => it === text('status')),
        from: text('from'),
        to: text('to'),
      },
    });
  }

  return (
    <form
      className="filters"
      aria-label={t('sessions.filters')}
      onSubmit={submit}
      key={[search.station, search.status, search.from, search.to].join(' ')}
    >
      <div>
        <label htmlFor={`${id}-station`}>{t('sessions.station')}</label>
        <input id={`${id}-station`} name="station" defaultValue={search.station ?? ''} spellCheck={false} />
      </div>
      <div>
        <label htmlFor={`${id}-status`}>{t('sessions.status')}</label>
        <select id={`${id}-status`} name="status" defaultValue={search.status ?? ''}>
          <option value="">{t('sessions.any')}</option>
          {statuses.map((status) => (
            <option key={status} value={status}>
              {t(`session.status.${status}`)}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label htmlFor={`${id}-from`}>{t('sessions.from')}</label>
        <input id={`${id}-from`} name="from" type="date" defaultValue={search.from ?? ''} />
      </div>
      <div>
        <label htmlFor={`${id}-to`}>{t('sessions.to')}</label>
        <input id={`${id}-to`} name="to" type="date" defaultValue={search.to ?? ''} />
      </div>
      <button type="submit" className="button">
        {t('sessions.apply')}
      </button>
      {filtered ? (
        <Link to="/sessions" className="button quiet">
          {t('sessions.clear')}
        </Link>
      ) : null}
    </form>
  );
}

/** Every session, refused and void ones too, newest first. */
export function SessionsPage() {
  const { t } = useText();
  const { station, status, from, to, cursor } = route.useSearch();
  const clock = useSiteClock();
  const sessions = useQuery({
    ...queries.sessions({
      ...{ station, status, cursor },
      from: from === undefined ? undefined : clock.dayStart(from),
      to: to === undefined || clock.dayStart(to) === undefined ? undefined : clock.dayStart(dayAfter(to, 1)),
    }),
    enabled: clock.known || (from === undefined && to === undefined),
  });
  const filtered = [station, status, from, to, cursor].some((it) => it !== undefined);
  return (
    <>
      <div className="page-head">
        <h1>{t('sessions.title')}</h1>
      </div>
      <Filters />
      <ByClock clock={clock} />
      <section className="panel" aria-label={t('sessions.title')}>
        <Loaded read={sessions}>
          {({ items, next }) =>
            items.length === 0 ? (
              <Empty title={t(filtered ? 'sessions.noneFiltered' : 'sessions.none')}>
                {filtered ? null : <p>{t('sessions.noneText')}</p>}
              </Empty>
            ) : (
              <>
                <DataTable
                  id="sessions"
                  caption={t('sessions.title')}
                  columns={columns}
                  rows={items}
                  rowKey={({ id }) => id}
                />
                <Pager cursor={cursor} next={next} />
              </>
            )
          }
        </Loaded>
      </section>
    </>
  );
}
