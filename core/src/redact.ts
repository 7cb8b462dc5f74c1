/**
 * The one table of what never leaves the process whole: in log lines, audit rows and shown frames. Names are compared
 * without case and separators.
 */
const hidden: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'setcookie',
  'password',
  'secret',
  'clientsecret',
  'stationkey',
  'keyhash',
  'keysalt',
  'hash',
  'apikey',
  'adminkey',
  'pluggaadminkey',
  'authorizationkey',
  'basicauthpassword',
  'apnpassword',
  'simpin',
  'sharedkey',
  'privatekey',
  'tokena',
  'tokenb',
  'tokenc',
  'accesstoken',
  'refreshtoken',
  'databaseurl',
  'natsurl',
]);
/** Kept to their last four characters: an operator can still tell one from another. */
const shortened: ReadonlySet<string> = new Set([
  'idtag',
  'parentidtag',
  'idtoken',
  'tokenvalue',
  'matchkey',
  'contractid',
  'uid',
]);

const plainName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
/** Whether a member of that name is never shown. */
export const isHidden = (name: string): boolean => hidden.has(plainName(name));
/** Whether a member of that name is a token. */
export const isShortened = (name: string): boolean => shortened.has(plainName(name));

/** Secrets that stand in the middle of a text: bearer tokens, our own keys, passwords in URLs. */
const inText: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic|Token)\s+[\w\-.~+/=]{6,}/gi, '$1 ***'],
  [/\bplg_[\w-]+/g, 'plg_***'],
  [/(\/\/[^\s/:@]*):[^\s/@]+@/g, '$1:***@'],
];

const MAX_DEPTH = 8;

/** A copy that may be shown. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if (isNamedPair(value)) return { ...value, value: '***' };
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redactMember(name, item, depth)]));
}

/** The text with what looks like a secret taken out. */
export const redactText = (text: string): string =>
  inText.reduce((shown, [pattern, instead]) => shown.replaceAll(pattern, instead), text);

/** The last four characters, without separators: enough to tell one token from another. Of a short value at most half. */
export function last4Of(value: string): string {
  const plain = value.replaceAll(/[:\- .]/g, '');
  return plain.slice(plain.length - Math.min(4, plain.length >> 1));
}

function redactMember(name: string, item: unknown, depth: number): unknown {
  if (item === null || item === undefined || typeof item === 'boolean') return item;
  if (isHidden(name)) return '***';
  // OCPP 2.x: the shared secret of a VPN is its `key`.
  if (name === 'vpn' && typeof item === 'object' && 'key' in item)
    return { ...(redact(item, depth + 1) as object), key: '***' };
  if (!isShortened(name)) return redact(item, depth + 1);
  // OCPP 2.x: idToken is an object whose own idToken is the value.
  return typeof item === 'object' ? redact(item, depth + 1) : `***${last4Of(String(item))}`;
}

/** ChangeConfiguration and SetVariables: the name of what is set stands beside the value. */
function isNamedPair(value: object): value is { value: unknown } {
  if (!('value' in value)) return false;
  const name = 'key' in value ? value.key : 'name' in value ? value.name : undefined;
  return typeof name === 'string' && isHidden(name);
}

/** What an error says, without what it carries: a driver's error holds its whole connection. */
function redactError(error: Error, depth: number): unknown {
  const said = Object.entries(error).filter(
    ([name, item]) => name === 'details' || ['string', 'number'].includes(typeof item),
  );
  return {
    ...(redact(Object.fromEntries(said), depth + 1) as Record<string, unknown>),
    type: error.name,
    message: redactText(error.message),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}
