/** RFC 6455 section 5.5.1 leaves 123 bytes for the reason; a character that is cut in two takes at most two more than it had. */
export const closeReason = (text: string): string => Buffer.from(text, 'utf8').subarray(0, 120).toString('utf8');
