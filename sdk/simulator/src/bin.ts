#!/usr/bin/env node
import { run } from './cli/run.ts';

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  live: process.stderr.isTTY === true,
  interrupted(stop) {
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  },
});
// Sockets that wait for a goodbye must not hold the process.
setTimeout(() => process.exit(), 1_500).unref();
