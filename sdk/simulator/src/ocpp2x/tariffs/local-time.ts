/** A moment as a clock on the wall shows it. */
export interface Wall {
  /** `2026-01-31`. */
  readonly date: string;
  /** `23:59`. */
  readonly time: string;
  /** As OCPP names it: `Monday`. */
  readonly day: string;
}

/** The wall clock of a time zone. */
export const wallOf = (timeZone: string): ((at: number) => Wall) => {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', weekday: 'long' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  });
  return (at) => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return {
      date: `${part['year']}-${part['month']}-${part['day']}`,
      time: `${part['hour']}:${part['minute']}`,
      day: String(part['weekday']),
    };
  };
};
