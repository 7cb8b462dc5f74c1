import type { SiteClock } from '@plugga/console';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries } from '../api/queries.ts';
import { commonZone, dayIn, dayStart, instantIn, localIn, monthIn } from '../format/site-time.ts';
import { serverNow } from '../api/server-time.ts';
import { useText } from '../language/index.ts';

const readers = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The clock of a site, else the one that most sites share; the reader's own where there is no site. */
export function useSiteClock(site?: string | null): SiteClock {
  const { data, isPending } = useQuery(queries.locations());
  const places = data?.items;
  const zone = places?.find(({ id }) => id === site)?.timeZone ?? commonZone(places ?? []) ?? readers();
  return useMemo(
    () => ({
      ...{ zone, known: !isPending },
      instant: (local) => instantIn(local, zone),
      local: (iso) => localIn(Date.parse(iso), zone),
      dayStart: (day) => dayStart(day, zone),
      dayOf: (iso) => dayIn(Date.parse(iso), zone),
      month: (months) => monthIn(serverNow(), months, zone),
    }),
    [zone, isPending],
  );
}

export function ByClock({ clock: { zone } }: { readonly clock: SiteClock }) {
  const { t } = useText();
  return <p className="faint hint">{t('form.byClock', { zone })}</p>;
}
