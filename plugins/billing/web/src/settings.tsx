import {
  Loaded,
  Overtaken,
  page,
  PageHead,
  Panel,
  ProblemNotice,
  useAct,
  useRead,
  type ConsoleHost,
} from '@plugga/console';
import { useId, useState } from 'react';
import { AccountFields, GateFields, TermsFields } from './settings-fields.tsx';
import { formOfSettings, missingIn, settingsOf, type BillingSettings, type SettingsForm } from './settings-form.ts';
import { OtherSellers, SellerFields } from './seller-fields.tsx';
import { useText } from './use-text.ts';

const PATH = '/plugins/billing/settings';
interface Shown {
  readonly values: BillingSettings;
}
interface Asked {
  readonly form: SettingsForm;
  /** What the form was made of, with its tag. */
  readonly of: BillingSettings;
  readonly tag: string | undefined;
  /** Over what somebody else has saved since; what the form does not show is kept as it is now. */
  readonly force: boolean;
}
async function saved(
  host: ConsoleHost,
  { form, of, tag, force }: Asked,
): Promise<{ readonly values: BillingSettings; readonly tag: string | undefined }> {
  let [known, at] = [of, tag];
  const answered = (headers: Headers): void => {
    at = headers.get('etag') ?? undefined;
  };
  if (force) known = (await host.api<Shown>(PATH, { answered })).values;
  const values = await host.api<BillingSettings>(PATH, {
    ...{ method: 'PUT', body: settingsOf(form, known), answered },
    ...(at === undefined ? {} : { headers: { 'if-match': at } }),
  });
  return { values, tag: at };
}

/** What is typed stays when it is refused, and when somebody else was quicker. */
function Form({
  values,
  etag,
  again,
}: {
  readonly values: BillingSettings;
  readonly etag: string | undefined;
  readonly again: () => void;
}) {
  const t = useText();
  const id = useId();
  const [{ of, tag }, setOf] = useState({ of: values, tag: etag });
  const [form, setForm] = useState(() => formOfSettings(values));
  const [isSaved, setSaved] = useState(false);
  const save = useAct(
    (host, force: boolean) => saved(host, { form, of, tag, force }),
    (now) => {
      setOf({ of: now.values, tag: now.tag });
      setForm(formOfSettings(now.values));
      setSaved(true);
    },
  );
  const set = (change: Partial<SettingsForm>): void => {
    setSaved(false);
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
      {save.error?.status === 412 ? (
        <Overtaken busy={save.busy} again={again} force={() => save.run(true)} />
      ) : (
        <div className="actions">
          <button type="button" className="button primary" disabled={save.busy} onClick={() => save.run(false)}>
            {t('save')}
          </button>
          {isSaved ? <span role="status">{t('saved')}</span> : null}
        </div>
      )}
      {save.error === null || save.error.status === 412 ? null : <ProblemNotice problem={save.error} />}
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
        {({ values }) => <Form key={round} values={values} etag={shown.etag} again={() => setRound(round + 1)} />}
      </Loaded>
    </>
  );
}

export const mount = page(Settings);
