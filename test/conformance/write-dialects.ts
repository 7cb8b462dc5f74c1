// Writes docs/dialects.md anew: part of pnpm gen.
import { writeFileSync } from 'node:fs';
import { dialectPage } from './dialect-table.ts';

writeFileSync(new URL('../../docs/dialects.md', import.meta.url), dialectPage());
