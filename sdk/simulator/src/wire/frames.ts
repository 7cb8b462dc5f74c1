/** OCPP-J frames as a station reads and writes them (OCPP-J 1.6 section 4). Written apart from the platform's own parser on purpose. */
export type Frame =
  | { readonly type: 2; readonly id: string; readonly action: string; readonly payload: Record<string, unknown> }
  | { readonly type: 3; readonly id: string; readonly payload: Record<string, unknown> }
  | { readonly type: 4; readonly id: string; readonly code: string; readonly description: string };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Undefined for whatever is not a frame: a station ignores it. */
export const readFrame = (text: string): Frame | undefined => {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(frame) || typeof frame[1] !== 'string') return undefined;
  const [type, id] = frame;
  if (type === 2 && typeof frame[2] === 'string' && isRecord(frame[3])) {
    return { type: 2, id, action: frame[2], payload: frame[3] };
  }
  if (type === 3 && isRecord(frame[2])) return { type: 3, id, payload: frame[2] };
  if (type === 4) return { type: 4, id, code: String(frame[2]), description: String(frame[3] ?? '') };
  return undefined;
};

export const callText = (id: string, action: string, payload: unknown): string =>
  JSON.stringify([2, id, action, payload]);
export const resultText = (id: string, payload: unknown): string => JSON.stringify([3, id, payload]);
export const errorText = (id: string, code: string, description: string): string =>
  JSON.stringify([4, id, code, description, {}]);
