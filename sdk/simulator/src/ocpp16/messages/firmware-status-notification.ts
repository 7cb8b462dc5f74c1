export const firmwareStatusNotification = (status: string): Record<string, unknown> => ({ status });
