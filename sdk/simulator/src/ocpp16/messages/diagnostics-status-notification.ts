export const diagnosticsStatusNotification = (status: string): Record<string, unknown> => ({ status });
