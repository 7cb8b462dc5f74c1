import pg from 'pg';

/**
 * What a failed statement says about its content. `taken`: another row has this (stream, seq). `content`: it can never be
 * stored. `away`: nothing about the content; the database, the connection to it or our own statement is at fault.
 */
export type Fault = 'away' | 'content' | 'taken';

// 22 data exception, 23 integrity constraint violation, 54 program limit exceeded (an index entry that is too long).
const ofContent = /^(22|23|54)/;
const takenBy = 'event_log_stream_seq_key';

export const faultOf = (error: unknown): Fault => {
  if (!(error instanceof pg.DatabaseError)) return 'away';
  if (error.constraint === takenBy) return 'taken';
  return ofContent.test(error.code ?? '') ? 'content' : 'away';
};

// 08 connection, 40 rolled back (serialization, deadlock), 53 resources, 57 operator intervention, 25006 a standby.
const passing = /^(08|40|53|57)|^25006$/;

/** Whether the same work may succeed when it is done again: the server said so, or said nothing. */
export const isPassing = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && passing.test(error.code ?? '');
