import {
  Confirmed,
  Link,
  PageHead,
  Panel,
  ProblemNotice,
  useAct,
  useHost,
  type ConsoleHost,
  type texts,
} from '@plugga/console';
import { useId, useState } from 'react';
import { linesOf, percentsOf, type Campaign } from './campaign.ts';
import type { en } from './texts.ts';

interface Form {
  readonly name: string;
  readonly url: string;
  readonly signature: string;
  readonly certificate: string;
  readonly stations: string;
  readonly waves: string;
  readonly percent: string;
}
const empty: Form = {
  ...{ name: '', url: '', signature: '', certificate: '', stations: '', waves: '5, 25, 100', percent: '10' },
};

const bodyOf = (form: Form, waves: readonly number[]): unknown => ({
  name: form.name.trim(),
  firmware: {
    url: form.url.trim(),
    ...(form.signature.trim() === '' ? {} : { signature: form.signature.trim(), certificate: form.certificate.trim() }),
  },
  stations: linesOf(form.stations),
  waves,
  stop: { percent: Number(form.percent) },
});

async function onlineStations(host: ConsoleHost): Promise<readonly string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page: { readonly items: readonly { identity: string; online: boolean }[]; readonly next: string | null } =
      await host.api('/stations', { query: { limit: 200, cursor } });
    found.push(...page.items.filter(({ online }) => online).map(({ identity }) => identity));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return found;
}

/** What is brought to whom, in which steps, and when it ends by itself. */
export function NewCampaign({ useText }: { readonly useText: ReturnType<typeof texts<typeof en>> }) {
  const t = useText();
  const host = useHost();
  const id = useId();
  const [form, setForm] = useState(empty);
  const fill = useAct(onlineStations, (found) => setForm((before) => ({ ...before, stations: found.join('\n') })));
  const begin = useAct<unknown, Campaign>(
    (it, body) => it.api('/firmware-campaigns', { method: 'POST', body }),
    (made) => host.navigate(made.id),
  );
  const set = (name: keyof Form) => (event: { readonly target: { readonly value: string } }) =>
    setForm((before) => ({ ...before, [name]: event.target.value }));
  const stations = linesOf(form.stations);
  const waves = percentsOf(form.waves);
  const isWhole =
    form.name.trim() !== '' &&
    /^(https?|ftps?):\/\/\S+$/.test(form.url.trim()) &&
    stations.length > 0 &&
    waves !== undefined;
  const field = (
    name: keyof Form,
    label: keyof typeof en,
    o: { readonly type?: string; readonly wide?: boolean } = {},
  ) => (
    <div className={o.wide === true ? 'wide' : ''}>
      <label htmlFor={`${id}${name}`}>{t(label)}</label>
      <input id={`${id}${name}`} type={o.type ?? 'text'} value={form[name]} onChange={set(name)} />
    </div>
  );
  return (
    <>
      <PageHead title={t('new')}>
        <Link to="" className="button">
          {t('all')}
        </Link>
      </PageHead>
      <Panel title={t('image')}>
        <div className="form">
          {field('name', 'name')}
          {field('url', 'url', { type: 'url' })}
          {field('signature', 'signature')}
          <div>
            <label htmlFor={`${id}pem`}>{t('certificate')}</label>
            <textarea id={`${id}pem`} rows={2} value={form.certificate} onChange={set('certificate')} />
          </div>
        </div>
      </Panel>
      <Panel title={t('stations')}>
        <div className="form">
          <div>
            <label htmlFor={`${id}which`}>{t('which')}</label>
            <textarea id={`${id}which`} rows={6} value={form.stations} onChange={set('stations')} />
            <span className="faint">{t('whichHint', { count: stations.length })}</span>
          </div>
          <div>
            <label htmlFor={`${id}waves`}>{t('waves')}</label>
            <input
              id={`${id}waves`}
              value={form.waves}
              aria-invalid={waves === undefined}
              aria-describedby={`${id}wavesHint`}
              onChange={set('waves')}
            />
            <span id={`${id}wavesHint`} className={waves === undefined ? 'field-error' : 'faint'}>
              {t('wavesHint')}
            </span>
            <label htmlFor={`${id}percent`}>
              {t('stopRule')} {t('more')} … {t('ofWave')}
            </label>
            <input id={`${id}percent`} type="number" min={0} max={100} value={form.percent} onChange={set('percent')} />
          </div>
        </div>
        <div className="actions">
          <button type="button" className="button" disabled={fill.busy} onClick={() => fill.run()}>
            {t('fill')}
          </button>
          <Confirmed
            trigger={
              <button type="button" className="button primary" disabled={!isWhole || begin.busy}>
                {t('start')}
              </button>
            }
            title={t('startTitle', { url: form.url.trim(), count: stations.length })}
            text={t('startText', { first: Math.max(1, Math.ceil((stations.length * (waves?.[0] ?? 100)) / 100)) })}
            action={t('start')}
            danger={false}
            onConfirm={() => begin.run(bodyOf(form, waves ?? [100]))}
          />
        </div>
        {begin.error === null ? null : <ProblemNotice problem={begin.error} />}
      </Panel>
    </>
  );
}
