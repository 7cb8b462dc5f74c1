import { ByClock, Panel, ProblemNotice, useAct, useHost, useSiteClock } from '@plugga/console';
import { useId, useState } from 'react';
import { toldText } from './found-keys.tsx';
import { grouped, type FoundKey } from './meter.ts';
import { useText } from './use-text.ts';

interface Typed {
  readonly serial: string;
  readonly publicKey: string;
  readonly curve: string;
  readonly from: string;
  readonly until: string;
  readonly note: string;
}
const empty: Typed = { serial: '', publicKey: '', curve: '', from: '', until: '', note: '' };
/** Registers a key: pasted, or one that a station tells (`found`). Of the meter `serial`, or one that is typed. */
export function KeyForm({ serial, found }: { readonly serial?: string; readonly found?: FoundKey }) {
  const t = useText();
  const id = useId();
  const host = useHost();
  const clock = useSiteClock();
  const instantOf = (name: 'from' | 'until') => {
    const at = clock.instant(typed[name]);
    return at === undefined ? {} : { [name]: at };
  };
  const [typed, setTyped] = useState(empty);
  const [saved, setSaved] = useState(false);
  const meter = serial ?? typed.serial.trim();
  const text = (name: 'curve' | 'note') => (typed[name].trim() === '' ? {} : { [name]: typed[name].trim() });
  const save = useAct<void>(
    (it) =>
      it.api(`/meters/${encodeURIComponent(meter)}/key`, {
        method: 'PUT',
        body: {
          ...(found === undefined
            ? { publicKey: typed.publicKey.trim(), ...text('curve') }
            : { fingerprint: found.fingerprint }),
          ...{ ...instantOf('from'), ...instantOf('until'), ...text('note') },
        },
      }),
    () => {
      setTyped(empty);
      setSaved(true);
      if (serial === undefined) host.navigate(encodeURIComponent(meter));
    },
  );
  const set = (change: Partial<Typed>): void => {
    setSaved(false);
    setTyped((before) => ({ ...before, ...change }));
  };
  const field = (name: Exclude<keyof Typed, 'publicKey'>, type = 'text') => (
    <div>
      <label htmlFor={`${id}${name}`}>{t(`key.${name}`)}</label>
      <input
        id={`${id}${name}`}
        type={type}
        value={typed[name]}
        onChange={({ target }) => set({ [name]: target.value })}
      />
    </div>
  );
  const isWhole = meter !== '' && (found !== undefined || typed.publicKey.trim() !== '');
  return (
    <Panel title={t('register')}>
      <p className="faint">{t('registerText')}</p>
      {found === undefined ? null : (
        <p>
          {toldText(found, t)}
          <br />
          <code>{grouped(found.fingerprint)}</code>
        </p>
      )}
      <div className="form">
        {serial === undefined ? field('serial') : null}
        {found === undefined ? (
          <>
            <div>
              <label htmlFor={`${id}key`}>{t('key.publicKey')}</label>
              <textarea
                id={`${id}key`}
                rows={4}
                spellCheck={false}
                value={typed.publicKey}
                onChange={({ target }) => set({ publicKey: target.value })}
              />
            </div>
            {field('curve')}
          </>
        ) : null}
        {field('from', 'datetime-local')}
        {field('until', 'datetime-local')}
        {field('note')}
      </div>
      <ByClock clock={clock} />
      <div className="actions">
        <button type="button" className="button primary" disabled={!isWhole || save.busy} onClick={() => save.run()}>
          {t('trust')}
        </button>
        {saved ? <span role="status">{t('saved')}</span> : null}
      </div>
      {save.error === null ? null : <ProblemNotice problem={save.error} />}
    </Panel>
  );
}
