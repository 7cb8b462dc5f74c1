import { WebSocketServer } from 'ws';

/** A peer that does not answer our close is gone: a taken-over socket ends within half a second. */
const CLOSE_TIMEOUT_MS = 450;
const DEFLATE_FROM_BYTES = 1024;

/** ws keeps its limits a server, so there is one for each pair of them; none listens anywhere. */
export function webSockets(): (maxPayload: number, compression: 'plain' | 'deflate') => WebSocketServer {
  const made = new Map<string, WebSocketServer>();
  return (maxPayload, compression) => {
    const key = `${maxPayload} ${compression}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const options = {
      noServer: true,
      clientTracking: false,
      maxPayload,
      closeTimeout: CLOSE_TIMEOUT_MS,
      // Above what the connection itself allows, so that a flood is closed with its reason.
      maxPendingAutoPongs: 1000,
      // A byte that is no UTF-8 becomes U+FFFD and a deviation; closing would lose the message for ever.
      skipUTF8Validation: true,
      perMessageDeflate: compression === 'deflate' && {
        serverNoContextTakeover: true,
        clientNoContextTakeover: true,
        threshold: DEFLATE_FROM_BYTES,
        concurrencyLimit: 4,
      },
    };
    const listener = new WebSocketServer(options);
    made.set(key, listener);
    return listener;
  };
}
