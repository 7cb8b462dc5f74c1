import type { z } from '@plugga/kit';

export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** What a schema refused, field by field; what it does not know by its name. `whole` stands for the value itself. */
export const errorsOf = (error: z.ZodError, whole: string): readonly FieldError[] =>
  error.issues.map((issue) => ({
    path: issue.path.join('.') || whole,
    message:
      issue.code === 'unrecognized_keys'
        ? `does not know ${issue.keys.map((it) => `"${it}"`).join(', ')}`
        : issue.message,
  }));
