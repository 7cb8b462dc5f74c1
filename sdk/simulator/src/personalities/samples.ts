type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** Rewrites the samples of each reading: those of a MeterValues, and those that come with a stop. */
export const eachReading =
  (rewrite: (samples: readonly Members[]) => readonly Members[]) =>
  (payload: Members): Members =>
    Object.fromEntries(
      Object.entries(payload).map(([name, value]) =>
        Array.isArray(value) && (name === 'meterValue' || name === 'transactionData')
          ? [
              name,
              value.filter(isMembers).map((reading) => {
                const samples = reading['sampledValue'];
                return { ...reading, sampledValue: rewrite(Array.isArray(samples) ? samples.filter(isMembers) : []) };
              }),
            ]
          : [name, value],
      ),
    );

/** Rewrites every SampledValue. */
export const eachSample = (rewrite: (sample: Members) => readonly Members[]) =>
  eachReading((samples) => samples.flatMap(rewrite));

/** Rewrites the register of active energy, and leaves every other sample as it is. */
export const eachRegister = (rewrite: (sample: Members) => Members) =>
  eachSample((sample) =>
    (sample['measurand'] ?? 'Energy.Active.Import.Register') === 'Energy.Active.Import.Register'
      ? [rewrite(sample)]
      : [sample],
  );
