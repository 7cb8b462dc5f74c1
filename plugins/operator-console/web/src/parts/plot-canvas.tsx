import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useText } from '../language/index.ts';
import type { PlotProps } from './plot.tsx';

const HEIGHT = 240;

/** What a colour token is at this moment: a canvas knows neither custom properties nor light-dark(). */
function colourIn(element: HTMLElement, token: string): string {
  element.style.color = `var(${token})`;
  const { color } = getComputedStyle(element);
  element.style.color = '';
  return color;
}

/** Apart in colour and in stroke: neither is needed to tell them from each other. */
const looks: Readonly<
  Record<PlotProps['series'][number]['look'], { colour: string; width: number; dash?: readonly number[] }>
> = {
  line: { colour: '--chart-line', width: 2.5 },
  dashed: { colour: '--waiting', width: 2, dash: [8, 5] },
  dotted: { colour: '--chart-text', width: 2, dash: [2, 4] },
  bars: { colour: '--chart-line', width: 1 },
};

export function PlotCanvas({ label, at, series, value, time, height = HEIGHT }: PlotProps) {
  const { language } = useText();
  const frame = useRef<HTMLDivElement>(null);
  const newest = useRef({ value, time });
  newest.current = { value, time };
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const clockOf = (seconds: number): string =>
      newest.current.time?.(seconds) ??
      new Date(seconds * 1000).toLocaleTimeString(language === 'en' ? 'en-GB' : language, { timeStyle: 'short' });
    const draw = (): uPlot => {
      const colour = (token: string): string => colourIn(element, token);
      const axis = {
        stroke: colour('--chart-text'),
        grid: { stroke: colour('--chart-grid'), width: 1 },
        ticks: { show: false },
      };
      const values = (_: uPlot, marks: readonly number[]) => marks.map((it) => newest.current.value(it));
      return new uPlot(
        {
          width: element.clientWidth,
          height,
          legend: { show: series.length > 1, live: false },
          cursor: { y: false },
          scales: { y: { range: (_, _min, max) => [0, Math.max(max * 1.1, 1)] } },
          axes: [
            { ...axis, size: 32, values: (_, marks) => marks.map(clockOf) },
            { ...axis, size: 72, values },
          ],
          series: [
            { label: '' },
            ...series.map(({ name, look }) => ({
              label: name,
              stroke: colour(looks[look].colour),
              ...(looks[look].dash === undefined ? { fill: colour('--chart-fill') } : { dash: [...looks[look].dash] }),
              ...(look === 'bars' ? { paths: uPlot.paths.bars!({ size: [0.7, 48] }) } : {}),
              width: looks[look].width,
              points: { show: false },
            })),
          ],
        },
        [[...at], ...series.map(({ values }) => [...values])],
        element,
      );
    };
    let plot = draw();
    const again = (): void => {
      plot.destroy();
      plot = draw();
    };
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
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
  }, [at, series, height, language]);
  return <div ref={frame} className="chart" role="img" aria-label={label} />;
}
