// pnpm gen: writes every generated file anew.
import { generate } from './generated.ts';

process.exitCode = generate() ? 0 : 1;
