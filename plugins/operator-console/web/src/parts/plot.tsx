import type { Plot as PlotPart } from '@plugga/console';
import { lazy, Suspense, type ComponentProps } from 'react';
import { Loading } from './notice.tsx';

/** Drawing is loaded when there is something to draw. */
const Canvas = lazy(() => import('./plot-canvas.tsx').then((it) => ({ default: it.PlotCanvas })));

export type PlotProps = ComponentProps<typeof PlotPart>;

/** Values over time, with words for those who do not see them. */
export function Plot(o: PlotProps) {
  return (
    <Suspense fallback={<Loading />}>
      <Canvas {...o} />
    </Suspense>
  );
}
