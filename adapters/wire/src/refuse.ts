import type { Step } from '@plugga/kit';

/** The end of a command that a station would have to refuse: it is not sent, and `why` says what to correct. */
export const refuse = (why: string): Step => ({ done: { status: 'rejected', detail: `not sent: ${why}` } });
