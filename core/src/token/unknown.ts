/** What stands in events for a token that we do not know: a keyed hash, equal for equal values, that says nothing of them. */
export const unknownTokenId = (hmac: (text: string) => Uint8Array, matchKey: string): string =>
  Buffer.from(hmac(`token ${matchKey}`).subarray(0, 16)).toString('base64url');
