/** Loaded into both servers (`node --expose-gc --import`): what is garbage must not count as memory of a connection. */
process.on('SIGUSR2', () => {
  globalThis.gc?.();
});
