import type * as contract from '@plugga/console';
import type { MouseEvent } from 'react';
import type { Problem } from '../api/problem.ts';
import { useText } from '../language/index.ts';
import * as choose from '../parts/choose.tsx';
import * as clock from '../parts/clock.tsx';
import * as confirm from '../parts/confirm.tsx';
import * as notice from '../parts/notice.tsx';
import * as overtaken from '../parts/overtaken.tsx';
import * as panel from '../parts/panel.tsx';
import * as plot from '../parts/plot.tsx';
import * as siteClock from '../parts/site-clock.tsx';
import { StandingIcon } from '../parts/state-mark.tsx';
import { TextTable } from '../parts/table.tsx';
import * as lines from '../parts/value-lines.tsx';
import { useHost, usePlace } from './page.tsx';

export const Panel: typeof contract.Panel = panel.Panel;
export const Facts: typeof contract.Facts = panel.Facts;
export const Flags: typeof contract.Flags = panel.Flags;
export const Empty: typeof contract.Empty = notice.Empty;
export const Loading: typeof contract.Loading = notice.Loading;
export const Choose: typeof contract.Choose = choose.Choose;
export const Confirmed: typeof contract.Confirmed = confirm.Confirmed;
export const Moment: typeof contract.Moment = clock.Moment;
export const Table: typeof contract.Table = TextTable;
export const Overtaken: typeof contract.Overtaken = overtaken.Overtaken;
export const useValueLines: typeof contract.useValueLines = lines.useValueLines;
export const ValueLineFields: typeof contract.ValueLineFields = lines.ValueLineFields;
export const useSiteClock: typeof contract.useSiteClock = siteClock.useSiteClock;
export const ByClock: typeof contract.ByClock = siteClock.ByClock;
export const Plot: typeof contract.Plot = plot.Plot;

export const Loaded: typeof contract.Loaded = (o) => (
  <notice.Loaded {...o} read={{ ...o.read, error: o.read.error as Problem | null }} />
);
export const ProblemNotice: typeof contract.ProblemNotice = (o) => (
  <notice.ProblemNotice {...o} problem={o.problem as Problem} />
);

export const Link: typeof contract.Link = ({ to, className, current, children }) => {
  const host = useHost();
  usePlace();
  const follow = (event: MouseEvent): void => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    host.navigate(to);
  };
  return (
    <a href={host.href(to)} className={className} aria-current={current === true ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  );
};

export const PageHead: typeof contract.PageHead = ({ title, children }) => (
  <div className="page-head">
    <h1>{title}</h1>
    {children}
  </div>
);

export const Figures: typeof contract.Figures = ({ items }) => (
  <ul className="figures">
    {items.map(({ name, value, note }) => (
      <li key={name}>
        <span className="figure-name">{name}</span>
        <b className="figure">{value}</b>
        {note === undefined ? null : <span className="faint">{note}</span>}
      </li>
    ))}
  </ul>
);

export const Tabs: typeof contract.Tabs = ({ label, items }) => (
  <nav className="tabs" aria-label={label}>
    {items.map(({ to, text, current }) => (
      <Link key={to} to={to} className="tab" current={current}>
        {text}
      </Link>
    ))}
  </nav>
);

export const Mark: typeof contract.Mark = ({ standing, children }) => (
  <span className="state">
    <StandingIcon standing={standing} />
    <span>{children}</span>
  </span>
);

export const Pager: typeof contract.Pager = ({ cursor, next }) => {
  const { t } = useText();
  const { path, search } = usePlace();
  if (cursor === undefined && next === null) return null;
  const to = (at: string | undefined): string => {
    const { cursor: _, ...rest } = search;
    const query = new URLSearchParams(at === undefined ? rest : { ...rest, cursor: at });
    return `${path}${query.size === 0 ? '' : `?${query}`}`;
  };
  return (
    <nav className="pager" aria-label={t('table.next')}>
      {cursor === undefined ? null : (
        <Link className="button" to={to(undefined)}>
          {t('table.first')}
        </Link>
      )}
      {next === null ? null : (
        <Link className="button" to={to(next)}>
          {t('table.next')}
        </Link>
      )}
    </nav>
  );
};
