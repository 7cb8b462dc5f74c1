// node issuer.ts <url> <seed> <sessions>: issues all of them, in an order of its own, until it is done or killed.
import { openIssuers } from './issuing.ts';

const [url = '', seed = '0', count = '0'] = process.argv.slice(2);
const all = Array.from({ length: Number(count) }, (_, n) => `session-${n}`);
const from = (Number(seed) * 131) % all.length;
const order = [...all.slice(from), ...all.slice(0, from)];
const issuers = openIssuers(url, 1);
for (let at = 0; at < order.length; at += 10) {
  await issuers.issue(order.slice(at, at + 10));
  process.stdout.write('.');
}
await issuers.close();
