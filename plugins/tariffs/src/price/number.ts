import { z } from '@plugga/kit';

const notAnAmount = 'must be a number that is not negative, such as 4.99';
/** A number as JSON has it, or as text; kept as text, so that "0.1" stays 0.1. Not negative: what costs less than nothing is a credit. */
export const amount = z.union(
  [
    z
      .number()
      .nonnegative(notAnAmount)
      .transform((value) => String(value)),
    z.string().regex(/^\d{1,20}(\.\d{1,30})?([eE][+-]?\d{1,2})?$/, notAnAmount),
  ],
  { error: notAnAmount },
);

const notWhole = 'must be a whole number that is not negative';
/** Whole and not negative; as text too, where the numbers of a file are kept as they stand in it. */
export const count = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d{1,12}(\.0+)?$/, notWhole)
        .transform(Number),
    ],
    { error: notWhole },
  )
  .pipe(z.number().int(notWhole).nonnegative(notWhole).max(1e12));

/** Milliseconds of an OCPI DateTime: UTC, with Z or without a zone. */
export const msOf = (text: string): number => Date.parse(/Z$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);

const notATime = 'must be a time in UTC such as "2026-06-30T22:00:00Z"';
/** OCPI DateTime; an offset is understood too. */
export const dateTime = z
  .string({ error: notATime })
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/, notATime)
  .refine((text) => !Number.isNaN(msOf(text)), notATime);
