import { Loaded, page, PageHead, Panel, ProblemNotice, useAct, useRead, type ConsoleHost } from '@plugga/console';
import { useId, useState } from 'react';
import { AccountFields, GateFields, TermsFields } from './settings-fields.tsx';
import { formOfSettings, missingIn, settingsOf, type BillingSettings, type SettingsForm } from './settings-form.ts';
import { Overtaken } from './overtaken.tsx';
import { OtherSellers, SellerFields } from './seller-fields.tsx';
import { useText } from './use-text.ts';

const PATH = '/plugins/billing/settings';
interface Shown {
  readonly values: BillingSettings;
}
const read = async (host: ConsoleHost): Promise<BillingSettings> => (await host.api<Shown>(PATH)).values;
/** Undefined where somebody else has saved in between. */
async function saved(
  host: ConsoleHost,
  { form, of, force }: { readonly form: SettingsForm; readonly of: BillingSettings; readonly force: boolean },
): Promise<BillingSettings | undefined> {
  const now = await read(host);
  if (!force && JSON.stringify(now) !== JSON.stringify(of)) return undefined;
  return host.api<BillingSettings>(PATH, { method: 'PUT', body: settingsOf(form, now) });
}

/** What is typed stays when it is refused, and when somebody else was quicker. */
function Form({ values, again }: { readonly values: BillingSettings; readonly again: () => void }) {
  const t = useText();
  const id = useId();
  const [of, setOf] = useState(values);
  const [form, setForm] = useState(() => formOfSettings(values));
  const [state, setState] = useState<'typed' | 'saved' | 'overtaken'>();
  const save = useAct(
    (host, force: boolean) => saved(host, { form, of, force }),
    (now) => {
      if (now === undefined) return setState('overtaken');
      setOf(now);
      setForm(formOfSettings(now));
      return setState('saved');
    },
  );
  const set = (change: Partial<SettingsForm>): void => {
    setState((before) => (before === 'overtaken' ? before : 'typed'));
    setForm((before) => ({ ...before, ...change }));
  };
  const missing = missingIn(form.seller);
  return (
    <>
      {missing.length === 0 ? null : (
        <p className="banner warning">
          {t('missing', { fields: missing.map((name) => t(`lacks.${name}`)).join(', ') })}
        </p>
      )}
      <Panel title={t('seller')}>
        <p className="faint">{t('sellerText')}</p>
        <SellerFields
          id={`${id}main`}
          form={form.seller}
          set={(change) => set({ seller: { ...form.seller, ...change } })}
        />
      </Panel>
      <OtherSellers forms={form.others} set={(others) => set({ others })} />
      <Panel title={t('terms')}>
        <TermsFields form={form} set={set} />
      </Panel>
      <Panel title={t('gate')}>
        <GateFields form={form} set={set} />
      </Panel>
      <Panel title={t('accountsSie')}>
        <AccountFields form={form} set={set} />
      </Panel>
      {state === 'overtaken' ? (
        <Overtaken busy={save.busy} again={again} force={() => save.run(true)} />
      ) : (
        <div className="actions">
          <button type="button" className="button primary" disabled={save.busy} onClick={() => save.run(false)}>
            {t('save')}
          </button>
          {state === 'saved' ? <span role="status">{t('saved')}</span> : null}
        </div>
      )}
      {save.error === null ? null : <ProblemNotice problem={save.error} />}
    </>
  );
}

/** Who bills, in which series, on which terms; what is held for a look; the accounts of the SIE file. */
function Settings() {
  const t = useText();
  const shown = useRead<Shown>(PATH);
  // Another form begins only where somebody asked for it.
  const [round, setRound] = useState(0);
  return (
    <>
      <PageHead title={t('settings')} />
      <Loaded read={shown}>
        {({ values }) => <Form key={round} values={values} again={() => setRound(round + 1)} />}
      </Loaded>
    </>
  );
}

export const mount = page(Settings);
