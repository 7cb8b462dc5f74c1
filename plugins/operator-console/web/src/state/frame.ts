/** The frame with line breaks, where it is JSON; else as it came. */
export function prettyFrame(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** What a frame is: [2, id, action, …] a call, [3, id, …] its result, [4, id, code, …] an error. */
export function actionOf(frame: { readonly action: string | null; readonly text: string }): {
  readonly kind: 'call' | 'result' | 'error';
  readonly name: string | null;
} {
  if (frame.action !== null) return { kind: 'call', name: frame.action };
  return { kind: /^\s*\[\s*4\s*,/.test(frame.text) ? 'error' : 'result', name: null };
}
