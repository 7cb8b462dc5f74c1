// pnpm licence-report: the licence of every package that is shipped or installed with ours, and whether it is allowed.
import { bundledOf } from './supply/bundled.ts';
import { licensedIn, policy, refusedOf } from './supply/licences.ts';
import { reportOf } from './supply/licence-report.ts';
import { publishedPackages } from './supply/packages.ts';
import { sbomOf } from './supply/sbom.ts';
import { viewsOf } from './supply/views.ts';

const packages = publishedPackages();
// The root is the default deployment: it brings Node itself.
const views = viewsOf(['plugga', ...packages.map(({ name }) => name)]);
const boms = [...views].map(([name, view]) => {
  const one = packages.find((it) => it.name === name);
  return sbomOf(view, { hashes: [], bundled: one === undefined ? [] : bundledOf(one) });
});
const licensed = licensedIn(boms, policy);
const refused = [
  ...refusedOf(licensed, policy),
  ...packages
    .filter(({ license }) => license !== 'Apache-2.0')
    .map(({ name, license }) => `${name}: ${license}, ours are Apache-2.0`),
  ...Object.keys(policy.stated)
    .filter((name) => !licensed.some((it) => it.name === name))
    .map((name) => `allowed-licences.json states ${name}, which is not there`),
];
if (!process.argv.includes('--check')) console.log(reportOf(licensed));
for (const one of refused) console.error(one);
console.log(
  refused.length === 0 ? `${licensed.length} packages, all allowed` : 'see tools/supply/allowed-licences.json',
);
process.exitCode = refused.length === 0 ? 0 : 1;
