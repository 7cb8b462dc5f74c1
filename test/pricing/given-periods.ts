import type { Slice, Stay } from './plain-pricer.ts';

/** A session as the vectors have it, with its charging periods given. */
export interface GivenSession {
  readonly time_zone: string;
  readonly start_date_time: string;
  readonly end_date_time: string;
  readonly currency?: string;
  readonly input_kind?: string;
  readonly charging_periods: readonly {
    readonly start_date_time: string;
    readonly tariff_id?: string;
    readonly dimensions: readonly { readonly type: string; readonly volume: number }[];
  }[];
  readonly reservation?: { readonly start: string; readonly end: string; readonly outcome: string };
}

const secondsOf = (text: string): number => Date.parse(text) / 1000;

/** Each given period is one slice: it is never split. */
export function stayOf(session: GivenSession): Stay {
  const periods = session.charging_periods;
  const slices = periods.map(({ start_date_time, tariff_id, dimensions }, index): Slice => {
    const at = secondsOf(start_date_time);
    const until = secondsOf(periods[index + 1]?.start_date_time ?? session.end_date_time);
    const volume = (type: string) => dimensions.find((it) => it.type === type)?.volume;
    const hours = (type: string) => Math.round((volume(type) ?? 0) * 3600);
    const [time, parking] = [volume('TIME'), volume('PARKING_TIME')];
    const alone = (time === undefined) !== (parking === undefined);
    const mwh = Math.round((volume('ENERGY') ?? 0) * 1_000_000);
    const average = until > at ? (mwh * 36) / ((until - at) * 10_000) : 0;
    const [maxPower, minPower] = [volume('MAX_POWER'), volume('MIN_POWER')];
    const neither = maxPower === undefined && minPower === undefined;
    return {
      at,
      charging: time === undefined ? 0 : alone ? until - at : hours('TIME'),
      parking: parking === undefined ? 0 : alone ? until - at : hours('PARKING_TIME'),
      mwh,
      maxPower: neither ? average : (maxPower ?? NaN),
      minPower: neither ? average : (minPower ?? NaN),
      ...(volume('MAX_CURRENT') === undefined ? {} : { maxCurrent: volume('MAX_CURRENT') }),
      ...(volume('MIN_CURRENT') === undefined ? {} : { minCurrent: volume('MIN_CURRENT') }),
      ...(tariff_id === undefined ? {} : { tariff: tariff_id }),
    };
  });
  const { reservation } = session;
  return {
    zone: session.time_zone,
    start: secondsOf(session.charging_periods[0]?.start_date_time ?? session.start_date_time),
    slices,
    ...(reservation === undefined
      ? {}
      : {
          reservation: {
            start: secondsOf(reservation.start),
            seconds: secondsOf(reservation.end) - secondsOf(reservation.start),
            expired: reservation.outcome === 'EXPIRED',
          },
        }),
  };
}
