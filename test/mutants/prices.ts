import type { Mutant } from './mutants.ts';

const killers = {
  'test/pricing/second-opinion.test.ts': [
    'grace, caps, bands of the battery and congestion, second by second: one price from both',
  ],
};

/** Our own rules above OCPI: the second pricer must notice each. */
export const priceMutants: readonly Mutant[] = [
  {
    rule: 'idle grace',
    means: 'idle time costs from its first second',
    edits: [
      {
        file: 'plugins/tariffs/src/price/price.ts',
        find: 'if (idle !== undefined && tariff.idleGraceSeconds > 0) {',
        replace: 'if (idle !== undefined && tariff.idleGraceSeconds < 0) {',
      },
    ],
    blind: 'no price is reckoned there',
    killers,
  },
  {
    rule: 'battery bands',
    means: 'the price of a band holds whatever is in the battery',
    edits: [
      {
        file: 'plugins/tariffs/src/price/compile.ts',
        find: 'when: { ...none, soc: range(minSoc, maxSoc) } },',
        replace: 'when: none },',
      },
    ],
    blind: 'no price is reckoned there',
    killers,
  },
  {
    rule: 'congestion',
    means: 'the congestion fee is taken while nothing is congested',
    edits: [
      {
        file: 'plugins/tariffs/src/price/price.ts',
        find: 'if (tariff.congestion !== undefined && period.congested)',
        replace: 'if (tariff.congestion !== undefined)',
      },
    ],
    blind: 'no price is reckoned there',
    killers,
  },
  {
    rule: 'caps of a day',
    means: 'a cap of each day is one of the session',
    edits: [
      {
        file: 'plugins/tariffs/src/price/caps.ts',
        find: `per === 'session' ? [own]`,
        replace: `per !== undefined ? [own]`,
      },
    ],
    blind: 'no price is reckoned there',
    killers: {
      'test/pricing/second-opinion.test.ts': ['caps upon caps of one component, over midnight: one price from both'],
    },
  },
];
