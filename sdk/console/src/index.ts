import type { ComponentType, ReactElement, ReactNode } from 'react';

/**
 * What a page of a plugin finds in the operator console. The seam is `mount(element, host) => unmount`, for any renderer; with
 * React it is `page(View)` and the console's own parts. All of it is the console's at run time: a page carries its own code only.
 */

export type Language = 'sv' | 'en';

/** An answer of the operator API that is no success; status 0: nobody answered. */
export interface Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  readonly requestId: string | undefined;
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** Of a POST that changes nothing: nobody needs to remember that it was made. */
  readonly reads?: boolean;
  /** Beside those of the console, such as `if-match`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Gets the headers of an answer that is a success, such as its `etag`. */
  readonly answered?: (headers: Headers) => void;
}

/** The part of the address that is the page's own: what follows its name, and the search. */
export interface Place {
  readonly path: string;
  readonly search: Readonly<Record<string, string>>;
}

/** Numbers, amounts and times in the reader's language. Decimal text is never made a float on the way. */
export interface Format {
  decimal(value: string, most?: number): string;
  whole(value: number): string;
  money(value: string, currency: string): string;
  /** At least the currency's decimals, and all that the price has. */
  unitPrice(value: string, currency: string): string;
  energy(wh: number): string;
  power(watts: number): string;
  percent(value: string): string;
  duration(ms: number): string;
  /** The time of today alone, else with its date. */
  moment(iso: string): string;
  /** By the clock of that zone, such as a site's; by the reader's where none is given. */
  date(iso: string, zone?: string): string;
}

/** The clock on the wall of a site, for days and times that are typed: what is meant is that clock, not the reader's. */
export interface SiteClock {
  /** IANA name. */
  readonly zone: string;
  /** False until the sites have been read; until then it is the reader's own zone. */
  readonly known: boolean;
  /** The moment of what an input of date and time holds; undefined for none. An hour that comes twice is the first. */
  instant(local: string): string | undefined;
  /** As an input of date and time takes it. */
  local(iso: string): string;
  /** The moment at which a day begins there; undefined for no day. */
  dayStart(day: string): string | undefined;
  /** As an input of a date takes it. */
  dayOf(iso: string): string;
  /** The first day of this month there, or of one so many months later. */
  month(months: number): string;
}

export interface ConsoleHost {
  /** Whose page it is. */
  readonly plugin: string;
  /** What a part stands on: the station's identity or the session's id. */
  readonly subject: string | undefined;
  /** A path below /api/v1, with the reader's key. Throws a `Problem`. */
  api<T>(path: string, o?: ApiRequest): Promise<T>;
  /** A file of the API, given to the reader under that name. */
  download(path: string, name: string): Promise<void>;
  /** Calls when an event came whose type begins with one of these; a burst is one call. */
  live(prefixes: readonly string[], listener: () => void): () => void;
  /** Now on the server, in ms since 1970; this computer's clock may be another. */
  now(): number;
  language(): Language;
  readonly format: Format;
  place(): Place;
  /** Calls when the language or the place has changed. */
  watch(listener: () => void): () => void;
  /** `/stations/CP-1` is a page of the console, `17?tab=lines` one of this page. */
  navigate(to: string, o?: { readonly replace?: boolean }): void;
  href(to: string): string;
  /** Style of the page, for as long as it is shown; a style element would be refused by the policy. */
  style(css: string): () => void;
  /** Around a React page: what the console's parts need. */
  readonly Frame: ComponentType<{ readonly children: ReactNode }>;
}

export type Mount = (element: HTMLElement, host: ConsoleHost) => () => void;

/** A React component as a page. What it throws is shown in its place, with the plugin's name. */
export declare function page(View: ComponentType): Mount;
export declare function useHost(): ConsoleHost;
export declare function useLanguage(): Language;
export declare function useFormat(): Format;
export declare function usePlace(): Place;
export declare function useStyle(css: string): void;
/** The clock of a site by its id, else the one that most sites share: for every form that takes a day or a time. */
export declare function useSiteClock(site?: string | null): SiteClock;
/** Says by whose clock the fields beside it are. */
export declare function ByClock(o: { readonly clock: SiteClock }): ReactElement;

/** Texts by id in ICU message format; one language that lacks an id does not compile. Gives the hook that reads them. */
export declare function texts<const E extends Readonly<Record<string, string>>>(catalogue: {
  readonly en: E;
  readonly sv: Readonly<Record<keyof E, string>>;
}): () => (id: keyof E & string, values?: Readonly<Record<string, unknown>>) => string;

export interface Read<T> {
  readonly data: T | undefined;
  readonly error: Problem | null;
  /** The tag that the answer came with: as `if-match` of a change it says what the change was made of. */
  readonly etag: string | undefined;
  refetch(): unknown;
}
/** Reads a path of the API, and reads it again when an event came whose type begins with one of `on`, or every so often. No path: nothing. */
export declare function useRead<T>(
  path: string | undefined,
  o?: {
    readonly query?: ApiRequest['query'];
    readonly on?: readonly string[];
    readonly everyMs?: number;
    /** Shows what was read before while another query is on its way. */
    readonly keep?: boolean;
    /** Of a POST that changes nothing. */
    readonly body?: unknown;
  },
): Read<T>;
export interface Act<I> {
  run(input: I): void;
  readonly busy: boolean;
  readonly error: Problem | null;
}
/** Does something when asked; whatever this plugin's pages have read is then read again. */
export declare function useAct<I = void, T = unknown>(
  act: (host: ConsoleHost, input: I) => Promise<T>,
  done?: (result: T) => void,
): Act<I>;

export declare function Link(o: {
  readonly to: string;
  readonly className?: string;
  readonly current?: boolean;
  readonly children: ReactNode;
}): ReactElement;
export declare function PageHead(o: { readonly title: string; readonly children?: ReactNode }): ReactElement;
export declare function Panel(o: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}): ReactElement;
/** Names and values side by side. */
export declare function Facts(o: {
  readonly items: readonly (readonly [name: string, value: ReactNode])[];
}): ReactElement;
/** Figures that are read at a glance. */
export declare function Figures(o: {
  readonly items: readonly { readonly name: string; readonly value: ReactNode; readonly note?: ReactNode }[];
}): ReactElement;
export declare function Flags(o: { readonly flags: readonly string[] }): ReactElement | null;
export declare function Tabs(o: {
  readonly label: string;
  readonly items: readonly { readonly to: string; readonly text: string; readonly current: boolean }[];
}): ReactElement;
export declare function Empty(o: {
  readonly title: string;
  /** It stands for the whole page, so it is its heading. */
  readonly page?: boolean;
  readonly children?: ReactNode;
}): ReactElement;
export declare function Loading(): ReactElement;
/** Data when there is some, however old; else loading, absent (404) or what went wrong. */
export declare function Loaded<T>(o: {
  readonly read: Read<T>;
  readonly absent?: ReactNode;
  readonly children: (data: T) => ReactNode;
}): ReactNode;
export declare function ProblemNotice(o: { readonly problem: Problem; readonly retry?: () => void }): ReactElement;
export type Standing = 'free' | 'charging' | 'waiting' | 'faulted' | 'out' | 'offline' | 'unknown';
/** Shape, word and colour: never colour alone. */
export declare function Mark(o: { readonly standing: Standing; readonly children: ReactNode }): ReactElement;

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  readonly numeric?: boolean;
  /** The one that names the row: it cannot be hidden, and heads the card on a narrow screen. */
  readonly name?: boolean;
}
/** A table with a column chooser; on a narrow screen each row is a card. */
export declare function Table<T>(o: {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly rowClass?: (row: T) => string | undefined;
}): ReactElement;
/** To the next page of a list by cursor, which stands in the page's search. */
export declare function Pager(o: {
  readonly cursor: string | undefined;
  readonly next: string | null;
}): ReactElement | null;
/** A button that asks first, in a dialog that says what happens then. */
export declare function Confirmed(o: {
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly title: string;
  readonly text: ReactNode;
  readonly action: string;
  readonly danger?: boolean;
  readonly onConfirm: () => void;
}): ReactElement;
/** In the place of a save button, where a save was refused because somebody else had saved (412): whose holds? */
export declare function Overtaken(o: {
  readonly busy: boolean;
  /** Begins again with what is there now. */
  readonly again: () => void;
  /** Saves what was typed all the same. */
  readonly force: () => void;
}): ReactElement;
/** A value with the time from which it holds, perhaps with its end: decimal text, as the API takes it. */
export interface TimedValue {
  readonly from: string;
  readonly until?: string;
  readonly value: string;
}
/** What was pasted, and what it says. */
export interface ValueLines {
  readonly text: string;
  set(text: string): void;
  /** None while a line is bad. */
  readonly values: readonly TimedValue[];
  /** The first line that is none, or that the page does not take. */
  readonly bad: { readonly line: number; readonly text: string } | undefined;
}
/** Values over time that are pasted, a line each. `fits` says which the page takes, after how many; the same function each time. */
export declare function useValueLines(fits?: (value: TimedValue, before: number) => boolean): ValueLines;
/** Where they are pasted, or read from a file, with what is wrong with them. */
export declare function ValueLineFields(o: {
  readonly lines: ValueLines;
  readonly label: string;
  readonly badLine: (bad: { readonly line: number; readonly text: string }) => string;
}): ReactElement;
/** One of a few, with its label. */
export declare function Choose<V extends string>(o: {
  readonly label: string;
  readonly value: V;
  readonly set: (value: V) => void;
  readonly of: readonly (readonly [value: V, text: string])[];
}): ReactElement;
/** A time, short; its seconds and offset on hover. */
export declare function Moment(o: { readonly at: string }): ReactElement;

export interface PlotSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly look: 'line' | 'dashed' | 'dotted' | 'bars';
}
/** Values over time, drawn with words for those who do not see it. Loaded when there is one. */
export declare function Plot(o: {
  readonly label: string;
  /** Seconds since 1970, rising. */
  readonly at: readonly number[];
  readonly series: readonly PlotSeries[];
  readonly value: (value: number) => string;
  readonly time?: (seconds: number) => string;
  readonly height?: number;
}): ReactElement;
