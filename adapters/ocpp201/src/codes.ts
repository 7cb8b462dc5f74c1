const CODES: Readonly<Record<string, string>> = {
  type: 'TypeConstraintViolation',
  required: 'OccurrenceConstraintViolation',
  minItems: 'OccurrenceConstraintViolation',
  maxItems: 'OccurrenceConstraintViolation',
  additionalProperties: 'FormatViolation',
};

/** The error code of a violation: OCPP 2.0.1 Part 4 table 8. */
export const codeOf = ({ keyword }: { readonly keyword: string }): string =>
  CODES[keyword] ?? 'PropertyConstraintViolation';

/** The ten messages that nearly all of the traffic is. */
export const COMMON = [
  'AuthorizeRequest',
  'AuthorizeResponse',
  'BootNotificationRequest',
  'HeartbeatRequest',
  'HeartbeatResponse',
  'MeterValuesRequest',
  'StatusNotificationRequest',
  'StatusNotificationResponse',
  'TransactionEventRequest',
  'TransactionEventResponse',
] as const;
