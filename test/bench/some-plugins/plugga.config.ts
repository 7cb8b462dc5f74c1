import deployment from '../../../plugga.config.ts';

const named = (process.env['BENCH_PLUGINS'] ?? '').split(',');

/** The default deployment with those of its plugins alone that `BENCH_PLUGINS` names: what `node test/bench/each-plugin.ts` measures. */
export default {
  ...deployment,
  plugins: deployment.plugins.filter((it) => named.includes('plugin' in it ? it.plugin.name : it.name)),
};
