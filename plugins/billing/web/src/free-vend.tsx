import {
  ByClock,
  Choose,
  Confirmed,
  Empty,
  Loaded,
  Overtaken,
  Panel,
  ProblemNotice,
  Table,
  useAct,
  useFormat,
  useLanguage,
  useRead,
  useSiteClock,
  type SiteClock,
} from '@plugga/console';
import { useId, useState } from 'react';
import type { Page } from './invoice.ts';
import { TokenChoice, tokenName, useTokens } from './token-choice.tsx';
import { useText } from './use-text.ts';

interface Rule {
  readonly id: string;
  readonly reason: string;
  readonly token: string | null;
  readonly group: string | null;
  readonly location: string | null;
  readonly from: string | null;
  readonly until: string | null;
  readonly weekdays: readonly number[] | null;
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly etag: string;
}
interface Form {
  readonly reason: string;
  readonly token: string;
  readonly group: string;
  readonly location: string;
  readonly from: string;
  readonly until: string;
  readonly weekdays: readonly number[];
  readonly startTime: string;
  readonly endTime: string;
}
const empty: Form = {
  ...{ reason: '', token: '', group: '', location: '', from: '', until: '', weekdays: [], startTime: '', endTime: '' },
};
const given = (text: string): string | null => (text.trim() === '' ? null : text.trim());

const formOf = (rule: Rule, clock: SiteClock): Form => ({
  ...{ reason: rule.reason, token: rule.token ?? '', group: rule.group ?? '', location: rule.location ?? '' },
  from: rule.from === null ? '' : clock.dayOf(rule.from),
  until: rule.until === null ? '' : clock.dayOf(rule.until),
  ...{ weekdays: rule.weekdays ?? [], startTime: rule.startTime ?? '', endTime: rule.endTime ?? '' },
});

const bodyOf = (form: Form, clock: SiteClock): unknown => ({
  ...{ reason: form.reason.trim(), token: given(form.token), group: given(form.group), location: given(form.location) },
  ...{ from: clock.dayStart(form.from) ?? null, until: clock.dayStart(form.until) ?? null },
  weekdays: form.weekdays.length === 0 || form.weekdays.length === 7 ? null : form.weekdays.toSorted(),
  ...{ startTime: given(form.startTime), endTime: given(form.endTime) },
});

const days = [1, 2, 3, 4, 5, 6, 7] as const;
/** 1 is Monday, as 4 May 2026 was. */
const dayName = (day: number, language: string): string =>
  new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, 4, 3 + day));

interface Sites {
  readonly items: readonly { readonly id: string; readonly name: string }[];
}

/** A new rule, or another one in the place of `known`. What is typed stays when it is refused. */
function RuleForm({
  known,
  again,
  left,
}: {
  readonly known: Rule | undefined;
  /** Begins again with the rule as it is now. */
  readonly again: () => void;
  readonly left: () => void;
}) {
  const t = useText();
  const id = useId();
  const language = useLanguage();
  const tokens = useTokens();
  const sites = useRead<Sites>('/locations', { query: { limit: 200 } });
  const knownClock = useSiteClock(known?.location);
  const [typed, setForm] = useState<Form>();
  const form = typed ?? (known === undefined ? empty : formOf(known, knownClock));
  const clock = useSiteClock(form.location);
  const set = (change: Partial<Form>): void => setForm({ ...form, ...change });
  const save = useAct<boolean>(
    (host, force) =>
      known === undefined
        ? host.api('/free-vend', { method: 'POST', body: bodyOf(form, clock) })
        : host.api(`/free-vend/${encodeURIComponent(known.id)}`, {
            ...{ method: 'PUT', body: bodyOf(form, clock) },
            ...(force ? {} : { headers: { 'if-match': `"${known.etag}"` } }),
          }),
    () => {
      setForm(undefined);
      left();
    },
  );
  const names = [form.token, form.group, form.location].some((it) => it.trim() !== '');
  const isWhole = form.reason.trim() !== '' && (names || (form.from !== '' && form.until !== ''));
  const field = (name: 'reason' | 'group' | 'from' | 'until' | 'startTime' | 'endTime', type = 'text') => (
    <div>
      <label htmlFor={`${id}${name}`}>{t(`free.${name}`)}</label>
      <input
        id={`${id}${name}`}
        type={type}
        value={form[name]}
        onChange={({ target }) => set({ [name]: target.value })}
      />
    </div>
  );
  return (
    <Panel title={t(known === undefined ? 'newRule' : 'changeRule')}>
      <p className="faint">{t('freeText')}</p>
      <div className="form">
        {field('reason')}
        <TokenChoice label={t('token')} value={form.token} tokens={tokens} set={(token) => set({ token })} />
        {field('group')}
        <Choose
          label={t('station')}
          value={form.location}
          set={(location) => set({ location })}
          of={[['', t('anySite')], ...(sites.data?.items ?? []).map((it) => [it.id, it.name] as const)]}
        />
        {field('from', 'date')}
        {field('until', 'date')}
        {field('startTime', 'time')}
        {field('endTime', 'time')}
      </div>
      <ByClock clock={clock} />
      <fieldset className="choices">
        <legend className="faint">{t('weekdays')}</legend>
        {days.map((day) => (
          <label key={day} className="choice">
            <input
              type="checkbox"
              checked={form.weekdays.includes(day)}
              onChange={({ target }) =>
                set({
                  weekdays: target.checked ? [...form.weekdays, day] : form.weekdays.filter((it) => it !== day),
                })
              }
            />
            {dayName(day, language)}
          </label>
        ))}
      </fieldset>
      {save.error?.status === 412 ? (
        <Overtaken busy={save.busy} again={again} force={() => save.run(true)} />
      ) : (
        <div className="actions">
          <Confirmed
            trigger={
              <button type="button" className="button primary" disabled={!isWhole || save.busy}>
                {t(known === undefined ? 'giveAway' : 'putRule')}
              </button>
            }
            title={t('giveAwayTitle', { reason: form.reason.trim() })}
            text={t('giveAwayText')}
            action={t(known === undefined ? 'giveAway' : 'putRule')}
            danger={false}
            onConfirm={() => save.run(false)}
          />
          {known === undefined ? null : (
            <button type="button" className="button" onClick={left}>
              {t('anotherRule')}
            </button>
          )}
        </div>
      )}
      {save.error === null || save.error.status === 412 ? null : <ProblemNotice problem={save.error} />}
    </Panel>
  );
}

function End({ rule }: { readonly rule: Rule }) {
  const t = useText();
  const end = useAct((host) =>
    host.api(`/free-vend/${encodeURIComponent(rule.id)}`, {
      ...{ method: 'DELETE', headers: { 'if-match': `"${rule.etag}"` } },
    }),
  );
  return (
    <>
      <Confirmed
        trigger={
          <button type="button" className="button" disabled={end.busy}>
            {t('endRule')}
          </button>
        }
        title={t('endRuleTitle', { reason: rule.reason })}
        text={t('endRuleText')}
        action={t('endRule')}
        onConfirm={() => end.run()}
      />
      {end.error === null ? null : <ProblemNotice problem={end.error} />}
    </>
  );
}

/** What charges without being billed, and why. */
export function FreeVend() {
  const t = useText();
  const format = useFormat();
  const language = useLanguage();
  const tokens = useTokens();
  const sites = useRead<Sites>('/locations', { query: { limit: 200 } });
  const rules = useRead<Page<Rule>>('/free-vend');
  const clock = useSiteClock();
  const [edited, edit] = useState<{ readonly rule: Rule; readonly round: number }>();
  const again = (): void => {
    const now = rules.data?.items.find(({ id }) => id === edited?.rule.id);
    edit(now === undefined ? undefined : { rule: now, round: (edited?.round ?? 0) + 1 });
  };
  const tokenNames = new Map(tokens.map((it) => [it.id, tokenName(it)]));
  const siteNames = new Map(sites.data?.items.map((it) => [it.id, it.name]));
  const whom = ({ token, group, location }: Rule): string =>
    [
      ...(token === null ? [] : [tokenNames.get(token) ?? token]),
      ...(group === null ? [] : [group]),
      ...(location === null ? [] : [siteNames.get(location) ?? location]),
    ].join(' · ');
  const when = ({ from, until, weekdays, startTime, endTime }: Rule): string =>
    [
      ...(from === null && until === null
        ? []
        : [
            `${from === null ? '' : format.date(from, clock.zone)} – ${until === null ? '' : format.date(until, clock.zone)}`,
          ]),
      ...(weekdays === null ? [] : [weekdays.map((day) => dayName(day, language)).join(', ')]),
      ...(startTime === null && endTime === null ? [] : [`${startTime ?? '00:00'}–${endTime ?? '24:00'}`]),
    ].join(' · ');
  return (
    <>
      <RuleForm
        key={edited === undefined ? 'new' : `${edited.rule.id} ${edited.round}`}
        known={edited?.rule}
        again={again}
        left={() => edit(undefined)}
      />
      <Panel title={t('freeVend')}>
        <Loaded read={rules}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('noRules')} />
            ) : (
              <Table
                id="free-vend"
                caption={t('freeVend')}
                rows={items}
                rowKey={({ id }) => id}
                columns={[
                  { id: 'reason', header: t('free.reason'), name: true, cell: ({ reason }) => reason },
                  { id: 'whom', header: t('whom'), cell: (it) => whom(it) || t('everybody') },
                  { id: 'when', header: t('when'), cell: (it) => when(it) || t('always') },
                  {
                    ...{ id: 'end', header: t('change') },
                    cell: (it) => (
                      <div className="actions tight">
                        <button type="button" className="button" onClick={() => edit({ rule: it, round: 0 })}>
                          {t('change')}
                        </button>
                        <End rule={it} />
                      </div>
                    ),
                  },
                ]}
              />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}
