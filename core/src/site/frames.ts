import { redact, redactText } from '../redact.ts';

/** A frame as it may be shown: OCPP-J with tokens cut to their last four characters and passwords hidden. */
export interface ShownFrame {
  readonly text: string;
  readonly messageId: string | null;
  readonly action: string | null;
}

// [2, "id", "Heartbeat", {}]  [3, "id", {}]  [4, "id", "InternalError", "", {}]
export function showFrame(bytes: Uint8Array): ShownFrame {
  const raw = Buffer.from(bytes).toString('utf8');
  let frame: unknown;
  try {
    frame = JSON.parse(raw);
  } catch {
    // Not JSON: nothing in it can be told apart, so nothing of it is shown but its size.
    return { text: `<${bytes.byteLength} bytes that are not JSON>`, messageId: null, action: null };
  }
  if (!Array.isArray(frame)) return { text: redactText(JSON.stringify(redact(frame))), messageId: null, action: null };
  const [type, id, third] = frame as unknown[];
  const action = (type === 2 || type === 6) && typeof third === 'string' ? third : null;
  return {
    text: JSON.stringify([type, id, ...frame.slice(2).map((part) => redact(part))]),
    messageId: typeof id === 'string' ? id : null,
    action,
  };
}
