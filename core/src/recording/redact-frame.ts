import { isHidden, isShortened, redactText } from '../redact.ts';
import { matchKeyOf } from '../token/match-key.ts';

/** Takes tokens and secrets out of frames, and nothing else: each byte around them stays, so that what is odd stays odd. */
export interface FrameRedactor {
  (text: string): string;
}

// "idTag" : "04A2…"   "idTag":17   also in text that is no JSON
const MEMBER = /"((?:[^"\\]|\\.){1,60})"(\s*:\s*)("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)/g;
/** An object without others in it, or what is left of one where the text is cut off. */
const OBJECT = /\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*(?:\}|$)/g;
const NAMED = /"(?:key|name)"\s*:\s*"([^"]*)"/g;
/** A pair of which the value is gone, in either order. */
const NAMED_SECRET_GONE = /\{[^{}]*"value"\s*:\s*"\*\*\*"[^{}]*(?:\}|$)/;
const VALUE = /("value"\s*:\s*)("(?:[^"\\]|\\.)*"|[^,}]+)/;
/** A group of boxes writes its serial behind the token: that is the station's, and stays. */
const TAIL = /_\d{5,}$/;
/** Below this a value may be a word that means something else where it stands. */
const SHORTEST_ANYWHERE = 6;

/**
 * The same token is the same pseudonym throughout one recording, TOKEN-1, TOKEN-2 …: who charged cannot be told, that it was
 * the same one can. A token is also found in free text, once it has been seen as one.
 */
export function createFrameRedactor(): FrameRedactor {
  const pseudonyms = new Map<string, string>();
  const seen = new Set<string>();
  const pseudonymOf = (value: string): string => {
    const [tail = ''] = TAIL.exec(value) ?? [];
    const head = value.slice(0, value.length - tail.length);
    if (head === '') return value;
    const key = matchKeyOf(head);
    const known = pseudonyms.get(key) ?? `TOKEN-${pseudonyms.size + 1}`;
    pseudonyms.set(key, known);
    if (head.length >= SHORTEST_ANYWHERE) seen.add(head);
    return known + tail;
  };
  const unquoted = (raw: string): string => {
    if (!raw.startsWith('"')) return raw;
    try {
      return String(JSON.parse(raw));
    } catch {
      return raw.slice(1, -1);
    }
  };
  const members = (text: string): string =>
    text.replaceAll(MEMBER, (whole, name: string, colon: string, value: string) => {
      if (isHidden(name)) return `"${name}"${colon}"***"`;
      if (!isShortened(name) || value === '""') return whole;
      return `"${name}"${colon}${JSON.stringify(pseudonymOf(unquoted(value)))}`;
    });
  const namesSecret = (text: string): boolean =>
    [...text.matchAll(NAMED)].some(([, name]) => name !== undefined && isHidden(name));
  /** `{"key":"AuthorizationKey","value":"…"}`: the name of what is set stands beside the value. */
  const pairs = (text: string): string =>
    text.replaceAll(OBJECT, (object) => (namesSecret(object) ? object.replace(VALUE, '$1"***"') : object));
  /** A secret with braces in it, or what else the patterns do not see: then the object's own value is looked at. */
  const leaks = (text: string): boolean => {
    let leaking = false;
    const look = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if (Array.isArray(value)) return value.forEach(look);
      const { key, name, value: set, variable, attributeValue } = value as Readonly<Record<string, unknown>>;
      // `{"variable":{"name":"BasicAuthPassword"},"attributeValue":"…"}` of 2.x.
      const own = (variable as { readonly name?: unknown } | null | undefined)?.name;
      if (typeof own === 'string' && isHidden(own) && attributeValue !== undefined && attributeValue !== '***')
        leaking = true;
      const named = typeof key === 'string' ? key : typeof name === 'string' ? name : undefined;
      if (named !== undefined && isHidden(named) && set !== undefined && set !== '***') leaking = true;
      for (const [member, item] of Object.entries(value)) {
        if (typeof item !== 'string') look(item);
        else if (isHidden(member) && item !== '***') leaking = true;
        else if (isShortened(member) && item !== '' && !item.startsWith('TOKEN-')) leaking = true;
      }
    };
    try {
      look(JSON.parse(text));
    } catch {
      // Not JSON: a secret that is named must be one that was taken out.
      return text.split(NAMED_SECRET_GONE).some(namesSecret);
    }
    return leaking;
  };
  return (text) => {
    let shown = redactText(pairs(members(text)));
    for (const token of seen) shown = shown.replaceAll(token, pseudonymOf(token));
    return leaks(shown) ? '"a frame that could not be shown without its secrets"' : shown;
  };
}
