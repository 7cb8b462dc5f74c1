import { useMemo } from 'react';
import { power } from '../format/numbers.ts';
import { useText } from '../language/index.ts';
import type { Curve } from '../state/power-curve.ts';
import { Plot } from './plot.tsx';

/** Power over time in kW. */
export function PowerChart({ curve }: { readonly curve: Curve }) {
  const { t, language } = useText();
  const series = useMemo(
    () => [{ name: t('session.curve'), values: curve.watts, look: 'line' } as const],
    [curve, language],
  );
  const max = power(language, Math.max(...curve.watts));
  return (
    <Plot
      label={t('session.curveText', { max, count: curve.at.length })}
      at={curve.at}
      series={series}
      value={(watts) => power(language, watts)}
    />
  );
}
