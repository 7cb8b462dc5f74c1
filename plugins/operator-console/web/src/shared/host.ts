import type { ConsoleHost, Format, Place } from '@plugga/console';
import type { ComponentType, ReactNode } from 'react';
import { api, download } from '../api/http.ts';
import { serverNow } from '../api/server-time.ts';
import type { PluginPage } from '../api/types.ts';
import * as numbers from '../format/numbers.ts';
import { dayOnly, duration, moment } from '../format/times.ts';
import { i18n } from '../language/index.ts';
import type { Live } from '../live/live.ts';

const GATHER_MS = 500;
const base = '/console';

const language = (): 'sv' | 'en' => (i18n.locale === 'sv' ? 'sv' : 'en');

/** In the language of the moment of the call. */
const format: Format = {
  decimal: (value, most) => numbers.decimal(language(), value, most),
  whole: (value) => numbers.whole(language(), value),
  money: (value, currency) => numbers.money(language(), value, currency),
  unitPrice: (value, currency) => numbers.unitPrice(language(), value, currency),
  energy: (wh) => numbers.energy(language(), wh),
  power: (watts) => numbers.power(language(), watts),
  percent: (value) => numbers.percent(language(), value),
  duration,
  moment: (iso) => moment(new Date(iso), new Date(serverNow()), { language: language() }),
  date: (iso, zone) => dayOnly(new Date(iso), { language: language(), ...(zone === undefined ? {} : { zone }) }),
};

/** The part of the router that a page needs: where we are, and how to go elsewhere. */
export interface Ways {
  location(): { readonly pathname: string; readonly searchStr: string };
  push(href: string, o: { readonly replace: boolean }): void;
  changed(listener: () => void): () => void;
}

/** Of a part on a console page the own address is one word in that page's search. */
const PART = 'at';

/** One for each page that is mounted. */
export function createHost(o: {
  readonly page: PluginPage;
  readonly subject: string | undefined;
  readonly live: Live;
  readonly ways: Ways;
  readonly Frame: ComponentType<{ readonly children: ReactNode }>;
}): ConsoleHost {
  const { page, subject, ways } = o;
  const own = `${base}/p/${encodeURIComponent(page.plugin)}/${page.path}`;
  let known: { readonly at: string; readonly place: Place } | undefined;

  const place = (): Place => {
    const { pathname, searchStr } = ways.location();
    const at = `${pathname}${searchStr}`;
    if (known?.at !== at) known = { at, place: placeOf(pathname, searchStr) };
    return known.place;
  };
  const placeOf = (pathname: string, searchStr: string): Place => {
    const search = Object.fromEntries(new URLSearchParams(searchStr));
    if (subject !== undefined) return { path: search[PART] ?? '', search: {} };
    // The router may say it with or without the base.
    const rest = pathname
      .replace(/^\/console/, '')
      .split('/')
      .slice(4);
    return { path: rest.map(decodeURIComponent).join('/'), search };
  };
  const href = (to: string): string => {
    if (to.startsWith('/')) return `${base}${to === '/' ? '' : to}`;
    if (subject === undefined) return to === '' || to.startsWith('?') ? `${own}${to}` : `${own}/${to}`;
    const { pathname, searchStr } = ways.location();
    const search = new URLSearchParams(searchStr);
    if (to === '') search.delete(PART);
    else search.set(PART, to);
    return `${base}${pathname.replace(/^\/console/, '')}${search.size === 0 ? '' : `?${search}`}`;
  };

  return {
    plugin: page.plugin,
    subject,
    api,
    download,
    live: (prefixes, listener) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const stop = o.live.heard((type) => {
        if (!prefixes.some((prefix) => type.startsWith(prefix))) return;
        timer ??= setTimeout(() => {
          timer = undefined;
          listener();
        }, GATHER_MS);
      });
      return () => {
        stop();
        clearTimeout(timer);
      };
    },
    now: serverNow,
    language,
    format,
    place,
    watch: (listener) => {
      const stops = [ways.changed(listener), i18n.on('change', listener)];
      return () => stops.forEach((stop) => stop());
    },
    navigate: (to, { replace = false } = {}) => ways.push(href(to), { replace }),
    href,
    style: (css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      return () => {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((it) => it !== sheet);
      };
    },
    Frame: o.Frame,
  };
}
