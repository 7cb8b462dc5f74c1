// Writes docs/conformance.md anew: part of pnpm gen.
import { writeFileSync } from 'node:fs';
import { conformancePage } from './conformance-page.ts';

writeFileSync(new URL('../../docs/conformance.md', import.meta.url), conformancePage());
