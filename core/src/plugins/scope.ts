import { AsyncLocalStorage } from 'node:async_hooks';

const running = new AsyncLocalStorage<string>();

/** Runs code of a plugin so that whatever it leaves behind (timers, promises nobody waits for) is known as its own. */
export const within = <T>(plugin: string, run: () => T): T => running.run(plugin, run);

/** Which plugin's code is running, if any. */
const current = (): string | undefined => running.getStore();

export type Stray = (plugin: string, error: unknown) => void;

const listeners = new Set<Stray>();

// Both events run in the context that the promise or the timer was made in.
const onStray = (error: unknown): void => {
  const plugin = current();
  if (plugin === undefined || listeners.size === 0) return endAsUsual(error);
  for (const listener of listeners) listener(plugin, error);
};

/** Not a plugin's: the process ends as it does without a listener, with the error on stderr. */
const endAsUsual = (error: unknown): void => {
  process.off('unhandledRejection', onStray).off('uncaughtException', onStray);
  queueMicrotask(() => {
    throw error;
  });
};

/** Records rejected promises that nobody awaits, and errors of timers, of plugins; returns how to end it. */
export function catchStrays(listener: Stray): () => void {
  if (listeners.size === 0) process.on('unhandledRejection', onStray).on('uncaughtException', onStray);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) process.off('unhandledRejection', onStray).off('uncaughtException', onStray);
  };
}
