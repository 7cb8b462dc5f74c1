/** JSON with its numbers as the text that stands in the file: 2.0 stays "2.0", and no binary float comes between. */
export const parseLossless = (text: string): unknown =>
  JSON.parse(text, function keep(_key, value: unknown, context?: { readonly source?: string }) {
    return typeof value === 'number' && context?.source !== undefined ? context.source : value;
  } as (key: string, value: unknown) => unknown);
