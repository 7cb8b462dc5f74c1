import { useId, useState, type FormEvent } from 'react';
import type { Monitor, StationWithVariables } from '../../api/types.ts';
import { useText } from '../../language/index.ts';
import { Choose } from '../../parts/choose.tsx';
import { useCommand, type AskedMonitor } from '../../parts/command.ts';
import { Outcome } from '../../parts/outcome.tsx';

const kinds = ['upper', 'lower', 'delta', 'periodic', 'clockAligned'] as const;
const kinds21 = [...kinds, 'targetDelta', 'targetDeltaRelative'] as const;
const severities = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
type Kind = AskedMonitor['kind'];

const decimal = (text: string): number | undefined => {
  const number = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(number) ? undefined : number;
};
const count = (text: string): number | undefined => {
  const number = decimal(text);
  return number === undefined || !Number.isInteger(number) || number < 1 ? undefined : number;
};

/** Another monitor, or one in the place of `known`: what the station then tells by itself. */
export function MonitorForm({
  station: { identity, online, protocol },
  known,
  left,
}: {
  readonly station: StationWithVariables;
  readonly known: Monitor | undefined;
  /** Leaves the one that is known as it is. */
  readonly left: (() => void) | undefined;
}) {
  const { t } = useText();
  const id = useId();
  const give = useCommand(identity);
  const of: readonly Kind[] = protocol === 'ocpp2.1' ? kinds21 : kinds;
  const [variable, setVariable] = useState(known?.variable ?? '');
  const [kind, setKind] = useState<Kind>(of.find((it) => it === known?.kind) ?? 'upper');
  const [value, setValue] = useState(known === undefined ? '' : String(known.value));
  const [severity, setSeverity] = useState(severities.find((it) => it === String(known?.severity)) ?? '5');
  const [transaction, setTransaction] = useState(known?.transaction ?? false);
  const [streams, setStreams] = useState(false);
  const [pace, setPace] = useState({ seconds: '', values: '' });
  const number = decimal(value);
  const canStream = protocol === 'ocpp2.1' && (kind === 'periodic' || kind === 'clockAligned');
  const stream = { seconds: count(pace.seconds), values: count(pace.values) };
  const isPaced = !canStream || !streams || stream.seconds !== undefined || stream.values !== undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (number === undefined) return;
    const asked: AskedMonitor = {
      ...(known === undefined ? {} : { id: known.id }),
      ...{ variable: variable.trim(), kind, value: number, severity: Number(severity) },
      ...(transaction ? { transaction } : {}),
      ...(canStream && streams
        ? {
            stream: {
              ...(stream.seconds === undefined ? {} : { seconds: stream.seconds }),
              ...(stream.values === undefined ? {} : { values: stream.values }),
            },
          }
        : {}),
    };
    give.mutate({ type: 'setMonitors', monitors: [asked] });
  };
  const check = (name: string, text: string, checked: boolean, set: (checked: boolean) => void) => (
    <label className="choice" htmlFor={`${id}${name}`}>
      <input id={`${id}${name}`} type="checkbox" checked={checked} onChange={({ target }) => set(target.checked)} />
      {text}
    </label>
  );
  return (
    <form onSubmit={submit}>
      <div className="form">
        <div>
          <label htmlFor={`${id}variable`}>{t('monitor.variable')}</label>
          <input
            id={`${id}variable`}
            value={variable}
            readOnly={known !== undefined}
            onChange={({ target }) => setVariable(target.value)}
          />
        </div>
        <Choose
          label={t('monitor.watches')}
          value={kind}
          set={setKind}
          of={of.map((it) => [it, t(`monitor.kind.${it}`)] as const)}
        />
        <div>
          <label htmlFor={`${id}value`}>{t('monitor.value')}</label>
          <input
            id={`${id}value`}
            inputMode="decimal"
            value={value}
            onChange={({ target }) => setValue(target.value)}
          />
        </div>
        <Choose
          label={t('events.severity')}
          value={severity}
          set={setSeverity}
          of={severities.map((it) => [it, t(`events.severity.${it}`)] as const)}
        />
      </div>
      {check('transaction', t('monitor.onlyTransaction'), transaction, setTransaction)}
      {canStream ? check('stream', t('monitor.stream'), streams, setStreams) : null}
      {canStream && streams ? (
        <div className="form">
          {(['seconds', 'values'] as const).map((name) => (
            <div key={name}>
              <label htmlFor={`${id}${name}`}>
                {t(name === 'seconds' ? 'monitor.streamSeconds' : 'monitor.streamValues')}
              </label>
              <input
                id={`${id}${name}`}
                inputMode="numeric"
                value={pace[name]}
                onChange={({ target }) => setPace({ ...pace, [name]: target.value })}
              />
            </div>
          ))}
        </div>
      ) : null}
      <div className="actions">
        <button
          type="submit"
          className="button primary"
          disabled={variable.trim() === '' || number === undefined || !isPaced || !online || give.isPending}
        >
          {t(known === undefined ? 'monitor.set' : 'monitor.replace')}
        </button>
        {left === undefined ? null : (
          <button type="button" className="button" onClick={left}>
            {t('monitor.another.new')}
          </button>
        )}
      </div>
      <Outcome identity={identity} give={give} />
    </form>
  );
}
