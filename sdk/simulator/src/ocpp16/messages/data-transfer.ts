export const dataTransfer = (o: {
  readonly vendorId: string;
  readonly messageId?: string;
  readonly data?: string;
}): Record<string, unknown> => ({ ...o });
