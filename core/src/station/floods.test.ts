import { describe, expect, it } from 'vitest';
import { aStation, stamp, type Story } from '../session/story.test-station.ts';

const told = (story: Story) =>
  story.log.flatMap(({ type, data }) => {
    const { kind, detail, count } = data as { kind: string; detail?: string; count?: number };
    return type === 'security.noted' ? [`${kind} ${detail ?? ''}${count === undefined ? '' : ` x${count}`}`] : [];
  });
const sends = (story: Story, type: string, times: number): void => {
  for (let n = 1; n <= times; n += 1) story.hear({ kind: 'security', type, info: String(n), time: stamp('12:00') });
};

describe('security events of a station (BI-088)', () => {
  it('are told one by one while they are few', () => {
    const story = aStation();
    sends(story, 'InvalidMessages', 3);
    expect(told(story)).toEqual(['InvalidMessages 1', 'InvalidMessages 2', 'InvalidMessages 3']);
    expect(story.state.timers.size).toBe(0);
  });

  it('of a flood are told less often, each with how many it stands for, and none is lost', () => {
    const story = aStation();
    sends(story, 'InvalidMessages', 1000);
    expect(told(story).slice(10)).toEqual(
      ['16 x6', '32 x16', '64 x32', '128 x64', '256 x128', '512 x256'].map((it) => `InvalidMessages ${it}`),
    );
    sends(story, 'MemoryExhaustion', 1);
    story.at('12:11');
    expect(told(story).slice(16)).toEqual(['MemoryExhaustion 1', 'InvalidMessages 1000 x488']);
    expect(story.state.timers.size).toBe(0);
    sends(story, 'InvalidMessages', 1);
    expect(told(story).at(-1)).toBe('InvalidMessages 1');
  });

  it('of kinds that a station makes up are counted together', () => {
    const story = aStation();
    for (let n = 1; n <= 500; n += 1) story.hear({ kind: 'security', type: `Made up ${n}`, time: stamp('12:00') });
    story.at('12:11');
    expect(told(story).length).toBeLessThan(60);
    const all = story.log.map(({ data }) => (data as { count?: number }).count ?? 1);
    expect(all.reduce((sum, it) => sum + it, 0)).toBe(500);
  });
});
