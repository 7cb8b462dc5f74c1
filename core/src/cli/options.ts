import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './command.ts';

/** Options and words of a command line; an unknown option or a missing word is a UsageError. */
export function optionsOf<const O extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: O,
  words: readonly string[] = [],
) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    if (positionals.length > words.length)
      throw new UsageError(`"${positionals[words.length] ?? ''}" is one word too many`);
    const missing = words.slice(positionals.length).find((word) => !word.endsWith('?'));
    if (missing !== undefined) throw new UsageError(`<${missing}> is missing`);
    return { values, words: positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
