/** How the station writes a time: its clock may be wrong, and some have a form of their own. */
export interface Stamps {
  /** A true instant of the station, as it stands on the wire. */
  stamp(at: number): string;
  /** The station starts: some come up with a clock that is wrong until the CSMS has told them the time. */
  poweredUp(): void;
  /** The clock forgets everything and begins at 1970. */
  lost(): void;
  /** The CSMS has told the time. */
  set(): void;
  /** Its first states still go out with the wrong time. */
  readonly setsLate: boolean;
}

/** A clock at power-up: kept by a battery, at 1970, or that many milliseconds ahead, also in the first states after the boot. */
export type ClockAtPowerUp = 'kept' | '1970' | number;

export const stamps = (o: {
  readonly now: () => number;
  readonly atPowerUp: ClockAtPowerUp;
  readonly form: ((at: number) => string) | undefined;
}): Stamps => {
  let shift = 0;
  const write = o.form ?? ((at: number) => new Date(at).toISOString());
  const lost = (): void => void (shift = -o.now());
  return {
    stamp: (at) => write(at + shift),
    poweredUp() {
      if (o.atPowerUp === '1970') lost();
      else if (o.atPowerUp !== 'kept') shift = o.atPowerUp;
    },
    lost,
    set: () => void (shift = 0),
    setsLate: typeof o.atPowerUp === 'number',
  };
};
