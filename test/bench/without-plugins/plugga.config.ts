import deployment from '../../../plugga.config.ts';

/** The default deployment with no plugin at all: what `node test/bench/core.ts` measures. */
export default { ...deployment, plugins: [] };
