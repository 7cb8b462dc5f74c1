const kept = 'plugga.key';
const listeners = new Set<() => void>();
let refused = false;

/** The API key of this tab. It is never written anywhere that outlives the tab. */
export const currentKey = (): string | undefined => sessionStorage.getItem(kept) ?? undefined;

export function signIn(key: string): void {
  refused = false;
  sessionStorage.setItem(kept, key);
  for (const listener of listeners) listener();
}

/** `expired`: the platform refused a key that it had accepted before. */
export function signOut(why: 'asked' | 'expired'): void {
  refused = why === 'expired';
  sessionStorage.removeItem(kept);
  for (const listener of listeners) listener();
}

export const wasRefused = (): boolean => refused;

export function onKey(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
