import { join } from 'node:path';
import { definePlugin } from '@plugga/kit';

/** The operator's web page: what charges, what needs somebody, and the pages of the other plugins. Talks to the operator API only. */
export const operatorConsole = definePlugin({
  name: 'operator-console',
  setup: () => ({ web: { root: join(import.meta.dirname, '..'), at: '/console' } }),
});
