// Writes docs/ocpp-coverage.md anew: part of pnpm gen.
import { writeFileSync } from 'node:fs';
import { coveragePage } from './coverage-page.ts';

writeFileSync(new URL('../../docs/ocpp-coverage.md', import.meta.url), coveragePage());
