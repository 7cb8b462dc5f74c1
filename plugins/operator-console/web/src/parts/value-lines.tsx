import type { TimedValue, ValueLines as Lines } from '@plugga/console';
import { useId, useMemo, useState } from 'react';
import { valueLines } from '../format/value-lines.ts';
import { useText } from '../language/index.ts';

export function useValueLines(fits?: (value: TimedValue, before: number) => boolean): Lines {
  const [text, set] = useState('');
  return useMemo(() => ({ text, set, ...valueLines(text, fits) }), [text, fits]);
}

/** Pasted or from a file; the first line that is none is named below. */
export function ValueLineFields({
  lines: { text, set, bad },
  label,
  badLine,
}: {
  readonly lines: Lines;
  readonly label: string;
  readonly badLine: (bad: { readonly line: number; readonly text: string }) => string;
}) {
  const { t } = useText();
  const id = useId();
  return (
    <>
      <div className="form">
        <div>
          <label htmlFor={`${id}file`}>{t('form.file')}</label>
          <input
            id={`${id}file`}
            type="file"
            accept=".csv,.txt,text/*"
            onChange={({ target }) => {
              const [file] = target.files ?? [];
              // The same file can be chosen again.
              void file
                ?.text()
                .then(set)
                .finally(() => (target.value = ''));
            }}
          />
        </div>
        <div>
          <label htmlFor={`${id}lines`}>{label}</label>
          <textarea
            id={`${id}lines`}
            rows={6}
            spellCheck={false}
            value={text}
            aria-invalid={bad !== undefined}
            onChange={({ target }) => set(target.value)}
          />
        </div>
      </div>
      {bad === undefined ? null : (
        <p className="field-error" role="alert">
          {badLine(bad)}
        </p>
      )}
    </>
  );
}
