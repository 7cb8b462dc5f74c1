/**
 * The server's clock, as far as its answers say it: a `date` header has whole seconds and was written between the asking and the
 * hearing. A computer whose clock may agree with that keeps its own.
 */
export function serverClock() {
  let offset = 0;
  return {
    /** The `date` of an answer, with what this computer's clock was when it was asked for and when it came. */
    hear(date: string | null, askedAt: number, heardAt: number): void {
      const said = date === null ? NaN : Date.parse(date);
      if (Number.isNaN(said)) return;
      offset = Math.min(Math.max(offset, said - heardAt), said + 1_000 - askedAt);
    },
    at: (local: number): number => local + offset,
  };
}

const clock = serverClock();
export const hearTime = clock.hear;

/** Now on the server, in ms since 1970: what is "today", and how long something lasts, whatever this computer's clock says. */
export const serverNow = (): number => clock.at(Date.now());
