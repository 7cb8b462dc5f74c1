export const startTransaction = (o: {
  readonly connectorId: number;
  readonly idTag: string;
  readonly meterStart: number;
  readonly timestamp: string;
  readonly reservationId?: number | undefined;
}): Record<string, unknown> => ({
  connectorId: o.connectorId,
  idTag: o.idTag,
  meterStart: o.meterStart,
  timestamp: o.timestamp,
  ...(o.reservationId === undefined ? {} : { reservationId: o.reservationId }),
});
