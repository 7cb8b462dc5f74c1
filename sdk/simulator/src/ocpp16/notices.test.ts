import { expect, test } from 'vitest';
import { notices } from './notices.ts';

test.each([0, 1, 2, 3, 4, 5, 6])(
  'a notice that comes %i turns after the one before was delivered is delivered too',
  async (turns) => {
    const told: string[] = [];
    let answered: () => void = () => undefined;
    const { push, quiet } = notices({
      ready: () => true,
      async call(action) {
        told.push(action);
        if (action === 'First') await new Promise<void>((done) => (answered = done));
        return { kind: 'result', payload: {} };
      },
    });
    push('First', {});
    answered();
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    push('Second', {});
    await quiet();
    expect(told).toEqual(['First', 'Second']);
  },
);
