// Started by embedded.test.ts: holds a database until a signal comes, as an ordinary user when given a uid.
import { startEmbedded } from './embedded.ts';
import { openDatabase } from './open.ts';

const [dataDir = '', systemDir = '', uid] = process.argv.slice(2);
if (uid) {
  process.setgid?.(Number(uid));
  process.setuid?.(Number(uid));
}
const { url, stop } = await startEmbedded({ dataDir, systemDir, fsync: false });
const alive = setInterval(() => {}, 60_000);
process.once('SIGINT', async () => {
  const database = openDatabase({ url });
  await database.pool.query('select 1'); // what a last flush does
  await database.close();
  await stop();
  clearInterval(alive);
  process.stdout.write('flushed\n');
});
process.stdout.write(`${JSON.stringify({ url })}\n`);
