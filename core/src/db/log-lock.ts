/**
 * Who appends to the log takes this advisory lock before ids are drawn and keeps it until its commit, appending as the last
 * thing before that. So id order is commit order, and a reader of `id > cursor order by id` skips nothing.
 */
export const logLock = 7_584_442; // any number; the same on every node
