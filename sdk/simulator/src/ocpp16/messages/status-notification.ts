export const statusNotification = (o: {
  readonly connectorId: number;
  readonly status: string;
  readonly timestamp: string;
  readonly errorCode?: string | undefined;
}): Record<string, unknown> => ({
  connectorId: o.connectorId,
  errorCode: o.errorCode ?? 'NoError',
  status: o.status,
  timestamp: o.timestamp,
});
