import deployment from '../../../plugga.config.ts';

const prices = ['tariffs', 'signed-values', 'billing', 'revenue'];

/** The default deployment without what prices, proves, bills and counts: what `pnpm bench plugins` sets it against. */
export default {
  ...deployment,
  plugins: deployment.plugins.filter((it) => !prices.includes('plugin' in it ? it.plugin.name : it.name)),
};
