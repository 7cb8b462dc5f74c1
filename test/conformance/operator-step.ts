// One step of the operator at a Plugga: pnpm conformance --against ws://…/ocpp --operator 'node test/conformance/operator-step.ts'.
// For another CSMS, put its own way to do the steps of script/plugga-operator.ts in their place, in whatever language.
import { readFileSync } from 'node:fs';
import { api } from '../e2e/api.ts';
import { pluggaOperator } from './script/plugga-operator.ts';
import { doStep, type Step } from './script/step.ts';

const { PLUGGA_URL: url = 'http://127.0.0.1:8080', PLUGGA_KEY: key } = process.env;
try {
  if (key === undefined) throw new Error('PLUGGA_KEY is not set: a key of the operator API');
  console.log(await doStep(JSON.parse(readFileSync(0, 'utf8')) as Step, pluggaOperator(api(url, key))));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
