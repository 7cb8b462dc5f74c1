import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { power } from '../format/numbers.ts';
import { exactMoment } from '../format/times.ts';
import { useText } from '../language/index.ts';
import type { Curve } from '../state/power-curve.ts';

const HEIGHT = 240;

/** What a colour token is at this moment: a canvas knows neither custom properties nor light-dark(). */
function colourIn(element: HTMLElement, token: string): string {
  element.style.color = `var(${token})`;
  const { color } = getComputedStyle(element);
  element.style.color = '';
  return color;
}

/** Power over time in kW, with its words for those who do not see it. */
export function PowerChart({ curve }: { readonly curve: Curve }) {
  const { t, language } = useText();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const draw = (): uPlot => {
      const colour = (token: string): string => colourIn(element, token);
      const text = colour('--chart-text');
      const axis = { stroke: text, grid: { stroke: colour('--chart-grid'), width: 1 }, ticks: { show: false } };
      return new uPlot(
        {
          width: element.clientWidth,
          height: HEIGHT,
          legend: { show: false },
          cursor: { y: false },
          scales: { y: { range: (_, _min, max) => [0, Math.max(max * 1.1, 1)] } },
          axes: [
            {
              ...axis,
              size: 32,
              values: (_, at) =>
                at.map((s) =>
                  new Date(s * 1000).toLocaleTimeString(language === 'en' ? 'en-GB' : language, { timeStyle: 'short' }),
                ),
            },
            { ...axis, size: 64, values: (_, kw) => kw.map((it) => power(language, it * 1000)) },
          ],
          series: [
            { value: (_, at) => exactMoment(new Date(at * 1000), { language }) },
            { stroke: colour('--chart-line'), fill: colour('--chart-fill'), width: 2, points: { show: false } },
          ],
        },
        [[...curve.at], curve.watts.map((it) => it / 1000)],
        element,
      );
    };
    let plot = draw();
    const again = (): void => {
      plot.destroy();
      plot = draw();
    };
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', again);
    const themed = new MutationObserver(again);
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      resized.disconnect();
      themed.disconnect();
      dark.removeEventListener('change', again);
      plot.destroy();
    };
  }, [curve, language]);
  const max = power(language, Math.max(...curve.watts));
  return (
    <div
      ref={frame}
      className="chart"
      role="img"
      aria-label={t('session.curveText', { max, count: curve.at.length })}
    />
  );
}
