export const securityEventNotification = (o: {
  readonly type: string;
  readonly timestamp: string;
  readonly about?: string | undefined;
}): Record<string, unknown> => ({
  type: o.type,
  timestamp: o.timestamp,
  ...(o.about === undefined ? {} : { techInfo: o.about.slice(0, 255) }),
});
