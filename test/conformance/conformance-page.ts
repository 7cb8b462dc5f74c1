import { page16 } from './ocpp16/page.ts';
import { page201 } from './ocpp201/page.ts';
import { page21 } from './ocpp21/page.ts';
import { STEPS } from './script/step.ts';

/** docs/conformance.md: the public cases of each version for a CSMS, and where each stands. */
export const conformancePage = (): string => `# Conformance with OCPP

<!-- Written by \`pnpm gen\` from test/conformance. -->

The public cases of each version for a CSMS, by their ids. The scripts are our own, written from the ids, the titles and the
specification; the text of the certification tool is not in them, and passing here is no certificate.

A script is frames: what a station says, what it must hear, and what the operator then sees in the API. All that we send is held
to the published schemas. Each script has twins: the same case with one frame or rule broken, which must fail at the step that it
names.

\`\`\`sh
npx -y pnpm@12.21.0 conformance                 # all of 1.6, against a platform of its own
npx -y pnpm@12.21.0 conformance 001 023_1       # some
npx -y pnpm@12.21.0 conformance --ocpp 2.0.1    # of another version: 1.6, 2.0.1 or 2.1
npx -y pnpm@12.21.0 conformance --stub          # against answers that are always the same
npx -y pnpm@12.21.0 conformance --against ws://host:port/ocpp --operator <command>
npx -y pnpm@12.21.0 conformance --api http://host:port --key <key> --tls wss://host:port/ocpp --ca ca.pem
\`\`\`

\`--against\` is any CSMS, by its frames alone. What its operator does there is done by the command of \`--operator\`: once a step, with
one line of JSON on stdin, such as \`{"step":"station","identity":"C-1"}\` or
\`{"step":"command","identity":"C-1","command":{"type":"reset","kind":"hard"}}\`. It ends with 0 when the step is done; else the case
fails there. The ready command for a Plugga, and the model for another, is
[operator-step.ts](../test/conformance/operator-step.ts); the platform and a key of it stand in \`PLUGGA_URL\` and \`PLUGGA_KEY\`:

\`\`\`sh
export PLUGGA_URL=http://host:port PLUGGA_KEY=…
npx -y pnpm@12.21.0 conformance --ocpp 2.0.1 --against ws://host:port/ocpp --operator 'node test/conformance/operator-step.ts'
\`\`\`

| step | members | then |
| --- | --- | --- |
${Object.entries(STEPS)
  .map(([step, { members, does }]) => `| \`${step}\` | ${members} | ${does} |`)
  .join('\n')}

Issuers and services of a case stand on the machine of the run, which the CSMS must be let reach (\`PLUGGA_EGRESS_ALLOW\`). Without
\`--operator\`, \`--token\` and \`--identity\` name what is known there, and cases that need more are not run. With \`--api\` and \`--key\`
it is another Plugga, looked at whole. In both its plugin \`certificates\` needs an authority for the cases that have certificates
signed ([TLS](tls.md)). \`--tls\` says where it listens over TLS, and \`--ca\` who vouches for that; without it, the cases over TLS are
not run.

Measured on 2026-11-29 against a process with the plugins of the default deployment on loopback, of its own database, with every
case of this page: by \`conformance --ocpp 2.0.1 --api … --key … --tls … --ca …\` 253 of 253 pass, with \`--ocpp 2.1\` 280 of 280; by
\`--against … --operator … --tls … --ca …\` the same, 253 of 253 and 280 of 280. The 77 of 1.6 pass both ways as well.

${page16()}
${page201()}
${page21()}`;
