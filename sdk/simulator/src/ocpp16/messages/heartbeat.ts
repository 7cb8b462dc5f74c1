export const heartbeat = (): Record<string, unknown> => ({});
