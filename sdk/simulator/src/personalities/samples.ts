type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** Rewrites every SampledValue of a MeterValues. */
export const eachSample =
  (rewrite: (sample: Members) => readonly Members[]) =>
  (payload: Members): Members => ({
    ...payload,
    meterValue: (payload['meterValue'] as readonly Members[]).map((value) => ({
      ...value,
      sampledValue: (value['sampledValue'] as readonly unknown[]).filter(isMembers).flatMap(rewrite),
    })),
  });
