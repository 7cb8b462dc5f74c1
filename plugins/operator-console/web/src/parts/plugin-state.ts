import { en } from '../language/en.ts';
import type { Text, TextId } from '../language/index.ts';

/** A plugin's state in words; one that this console does not know yet is shown as it is called. */
export function pluginStateText(state: string, t: Text): string {
  const id = `pluginState.${state}`;
  return id in en ? t(id as TextId) : state;
}
