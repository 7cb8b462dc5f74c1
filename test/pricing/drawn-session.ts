import type { Slice } from './plain-pricer.ts';
import type { DrawnSession } from './random-pairs.ts';

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** As the core tells it: cumulative energy at each change, and the states between. */
export function billableOf({ zone, start, stretches }: DrawnSession) {
  let [at, wh] = [start, 0];
  const curve = [{ at: iso(at), wh }];
  const soc: { at: string; percent: number }[] = [];
  const congestion: { from: string; to: string }[] = [];
  const states: { state: 'charging' | 'suspendedEV'; from: string; to: string }[] = [];
  for (const { seconds, whPerSecond, idle, soc: percent, congested } of stretches) {
    const from = iso(at);
    if (percent !== undefined) soc.push({ at: from, percent });
    at += seconds;
    if (congested === true) congestion.push({ from, to: iso(at) });
    wh += seconds * whPerSecond;
    curve.push({ at: iso(at), wh });
    states.push({ state: idle ? 'suspendedEV' : 'charging', from, to: iso(at) });
  }
  return { startedAt: iso(start), endedAt: iso(at), energyWh: wh, timeZone: zone, curve, states, soc, congestion };
}

/** Every second of it a slice of its own. */
export function* secondsOf({ start, stretches }: DrawnSession): Generator<Slice> {
  let at = start;
  let said: number | undefined;
  for (const { seconds, whPerSecond, idle, soc = said, congested = false } of stretches) {
    said = soc;
    const kilowatts = (whPerSecond * 3600) / 1000;
    for (let n = 0; n < seconds; n++)
      yield {
        at: at++,
        charging: idle ? 0 : 1,
        parking: idle ? 1 : 0,
        mwh: whPerSecond * 1000,
        maxPower: kilowatts,
        minPower: kilowatts,
        congested,
        ...(soc === undefined ? {} : { soc }),
      };
  }
}
