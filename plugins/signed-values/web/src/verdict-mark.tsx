import { Mark, useFormat, type Standing } from '@plugga/console';
import type { Reason, Result, Verdict } from './verdict.ts';
import { useText } from './use-text.ts';

const standings: Readonly<Record<Result, Standing>> = {
  ...{ verified: 'free', failed: 'faulted', unverified: 'waiting', none: 'unknown' },
};

/** What is said, in a word. */
export function ResultMark({ result }: { readonly result: Result }) {
  const t = useText();
  return <Mark standing={standings[result]}>{t(`result.${result}`)}</Mark>;
}

/** Why, a line each: the reason in the reader's words, then which, in the meter's. */
export function Reasons({ reasons }: { readonly reasons: readonly Reason[] }) {
  const t = useText();
  if (reasons.length === 0) return <>–</>;
  return (
    <>
      {reasons.map(({ code, detail }) => (
        <div key={`${code} ${detail}`}>
          {t(`reason.${code}`)}
          {detail === undefined ? null : <span className="faint"> {detail}</span>}
        </div>
      ))}
    </>
  );
}

/** As it was signed, and what is billed where that is another figure. */
export function SignedEnergy({ verdict: { energyWh, billedWh } }: { readonly verdict: Verdict }) {
  const t = useText();
  const format = useFormat();
  return (
    <>
      {energyWh === null ? '–' : format.energy(energyWh)}
      {energyWh === billedWh ? null : (
        <div className="faint">
          {t('billed')} {format.energy(billedWh)}
        </div>
      )}
    </>
  );
}
