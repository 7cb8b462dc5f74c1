export const logStatusNotification = (o: {
  readonly status: string;
  readonly requestId?: number;
}): Record<string, unknown> => ({ ...o });
