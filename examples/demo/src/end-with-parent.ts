/**
 * Loaded into the platform that the demo starts (`node --import`): when the demo dies without a word, the channel to it
 * closes, and the platform ends as if it had been told to.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
