/** Work that is done one after the other for each key; what fails does not keep the next from its turn. */
export function lanes<K>(): { run<T>(key: K, work: () => Promise<T>): Promise<T> } {
  const last = new Map<K, Promise<unknown>>();
  return {
    run: (key, work) => {
      const done = (last.get(key) ?? Promise.resolve()).then(work);
      const tail = done
        .catch(() => undefined)
        .finally(() => {
          if (last.get(key) === tail) last.delete(key);
        });
      last.set(key, tail);
      return done;
    },
  };
}
