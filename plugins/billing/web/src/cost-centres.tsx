import { Confirmed, Empty, Loaded, Panel, ProblemNotice, Table, useAct, useRead } from '@plugga/console';
import { useId, useState } from 'react';
import { listOf, type Page } from './invoice.ts';
import { TokenChoice, tokenName, useTokens } from './token-choice.tsx';
import { useText } from './use-text.ts';

interface CostCentre {
  readonly code: string;
  readonly name: string;
  readonly tokens: readonly string[];
  readonly groups: readonly string[];
  readonly etag: string;
}
interface Form {
  readonly code: string;
  readonly name: string;
  readonly tokens: string;
  readonly groups: string;
  /** Of what is changed here; nothing where it is typed anew. */
  readonly etag?: string | undefined;
}
const empty: Form = { code: '', name: '', tokens: '', groups: '' };

function Remove({ centre }: { readonly centre: CostCentre }) {
  const t = useText();
  const remove = useAct((host) =>
    host.api(`/cost-centres/${encodeURIComponent(centre.code)}`, {
      ...{ method: 'DELETE', headers: { 'if-match': `"${centre.etag}"` } },
    }),
  );
  return (
    <>
      <Confirmed
        trigger={
          <button type="button" className="button" disabled={remove.busy}>
            {t('remove')}
          </button>
        }
        title={t('removeCentre', { name: centre.name })}
        text={t('removeCentreText')}
        action={t('remove')}
        onConfirm={() => remove.run()}
      />
      {remove.error === null ? null : <ProblemNotice problem={remove.error} />}
    </>
  );
}

/** Whom the operator's own books charge: a code with its tokens and groups. */
export function CostCentres() {
  const t = useText();
  const id = useId();
  const tokens = useTokens();
  const names = new Map(tokens.map((it) => [it.id, tokenName(it)]));
  const [form, setForm] = useState(empty);
  const centres = useRead<Page<CostCentre>>('/cost-centres');
  const save = useAct<void>(
    (host) =>
      host.api(`/cost-centres/${encodeURIComponent(form.code.trim())}`, {
        method: 'PUT',
        body: { name: form.name.trim(), tokens: listOf(form.tokens), groups: listOf(form.groups) },
        ...(form.etag === undefined ? {} : { headers: { 'if-match': `"${form.etag}"` } }),
      }),
    () => setForm(empty),
  );
  const set = (change: Partial<Form>): void => setForm((before) => ({ ...before, ...change }));
  const isThere = centres.data?.items.some(({ code }) => code === form.code.trim()) === true;
  const members = ({ tokens: own, groups }: CostCentre): string =>
    [...own.map((it) => names.get(it) ?? it), ...groups].join(', ');
  return (
    <>
      <Panel title={t('costCentreEdit')}>
        <p className="faint">{t('costCentreText')}</p>
        <div className="form">
          {(['code', 'name'] as const).map((name) => (
            <div key={name}>
              <label htmlFor={`${id}${name}`}>{t(name)}</label>
              <input
                id={`${id}${name}`}
                value={form[name]}
                onChange={({ target }) =>
                  set({ [name]: target.value, ...(name === 'code' ? { etag: undefined } : {}) })
                }
              />
            </div>
          ))}
          {(['tokens', 'groups'] as const).map((name) => (
            <div key={name}>
              <label htmlFor={`${id}${name}`}>{t(`customer.${name}`)}</label>
              <textarea
                id={`${id}${name}`}
                rows={3}
                value={form[name]}
                onChange={({ target }) => set({ [name]: target.value })}
              />
            </div>
          ))}
          <TokenChoice
            label={t('addToken')}
            value=""
            tokens={tokens}
            set={(token) => set({ tokens: listOf(`${form.tokens}\n${token}`).join('\n') })}
          />
        </div>
        {isThere ? <p className="banner">{t('costCentreThere', { code: form.code.trim() })}</p> : null}
        <div className="actions">
          <button
            type="button"
            className="button primary"
            disabled={form.code.trim() === '' || form.name.trim() === '' || save.busy}
            onClick={() => save.run()}
          >
            {t('save')}
          </button>
        </div>
        {save.error === null ? null : <ProblemNotice problem={save.error} />}
      </Panel>
      <Panel title={t('costCentres')}>
        <Loaded read={centres}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('noCentres')} />
            ) : (
              <Table
                id="cost-centres"
                caption={t('costCentres')}
                rows={items}
                rowKey={({ code }) => code}
                columns={[
                  { id: 'code', header: t('code'), name: true, cell: ({ code }) => code },
                  { id: 'name', header: t('name'), cell: ({ name }) => name },
                  { id: 'members', header: t('members'), cell: (it) => members(it) || '–' },
                  {
                    ...{ id: 'change', header: t('change') },
                    cell: (it) => (
                      <div className="actions tight">
                        <button
                          type="button"
                          className="button"
                          onClick={() => setForm({ ...it, tokens: it.tokens.join('\n'), groups: it.groups.join('\n') })}
                        >
                          {t('change')}
                        </button>
                        <Remove centre={it} />
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
