import {
  Choose,
  Facts,
  Link,
  Mark,
  PageHead,
  Panel,
  ProblemNotice,
  Table,
  useFormat,
  useHost,
  useLanguage,
  useRead,
  useSiteClock,
  type texts,
} from '@plugga/console';
import { useId, useState } from 'react';
import type { Site } from './preview.tsx';
import type { en } from './texts.ts';

type Text = ReturnType<ReturnType<typeof texts<typeof en>>>;

interface Words {
  readonly en: string;
  readonly sv: string;
}
export interface InForce {
  readonly tariff: string;
  readonly version: number;
  readonly by: 'partner' | 'plan' | 'group' | 'adhoc' | 'connector' | 'evse' | 'location' | 'tenant';
  readonly at: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly components: readonly {
    readonly dimension: string;
    readonly element?: number;
    readonly text: Words;
    readonly unit: 'kWh' | 'min' | 'session';
    readonly exclVat: string;
    readonly inclVat: string;
    readonly when?: Words;
    readonly now: boolean;
  }[];
  readonly basis: { readonly name: string; readonly price: string } | null;
}
interface Station {
  readonly identity: string;
  readonly evses: readonly { readonly evseId: string; readonly evse: number }[];
}

export const units = { kWh: 'energyShort', min: 'minuteShort', session: 'flatShort' } as const;

/** Which prices a place has at a minute by its own clock. */
export function PlacePrices({ t, sites }: { readonly t: Text; readonly sites: readonly Site[] }) {
  const id = useId();
  const host = useHost();
  const language = useLanguage();
  const format = useFormat();
  const { site: wanted = '', evse = '', who = '' } = host.place().search;
  const site = sites.find((it) => it.id === wanted) ?? sites[0];
  const clock = useSiteClock(site?.id);
  const [now] = useState(() => host.now());
  const [local, setLocal] = useState<string>();
  const shown = local ?? clock.local(new Date(now).toISOString());
  const at = clock.instant(shown);
  const stations = useRead<{ readonly items: readonly Station[] }>(site === undefined ? undefined : '/stations', {
    query: { location: site?.id, limit: 200 },
  });
  const evses = (stations.data?.items ?? []).flatMap((it) =>
    it.evses.map(({ evseId, evse: number }) => ({ evseId, name: `${it.identity} · ${number}` })),
  );
  const read = useRead<InForce>(site === undefined || at === undefined ? undefined : '/tariffs/in-force', {
    query: { ...(evse === '' ? { location: site?.id } : { evseId: evse }), at, channel: who },
    keep: true,
  });
  const go = (change: Readonly<Record<string, string>>): void => {
    const query = new URLSearchParams({ view: 'place', site: site?.id ?? '', evse, who, ...change });
    host.navigate(`?${query}`, { replace: true });
  };
  const found = read.data;
  return (
    <>
      <PageHead title={t('atPlace')}>
        <Link to="" className="button">
          {t('all')}
        </Link>
      </PageHead>
      <Panel title={t('atPlace')} aside={<span className="faint">{clock.zone}</span>}>
        <div className="filters">
          <Choose
            label={t('to.location')}
            value={site?.id ?? ''}
            set={(it) => go({ site: it, evse: '' })}
            of={sites.map((it) => [it.id, it.name] as const)}
          />
          <Choose
            label={t('to.evse')}
            value={evse}
            set={(it) => go({ evse: it })}
            of={[['', t('wholeSite')], ...evses.map((it) => [it.evseId, it.name] as const)]}
          />
          <Choose
            label={t('who')}
            value={who}
            set={(it) => go({ who: it })}
            of={[
              ['', t('whoToken')],
              ['adhoc', t('to.adhoc')],
            ]}
          />
          <div>
            <label htmlFor={`${id}at`}>{t('atMinute')}</label>
            <input
              id={`${id}at`}
              type="datetime-local"
              value={shown}
              onChange={({ target }) => setLocal(target.value)}
            />
          </div>
        </div>
        {sites.length === 0 ? <p className="faint">{t('noSite')}</p> : null}
        {read.error === null ? null : <ProblemNotice problem={read.error} />}
        {found === undefined || read.error !== null ? null : (
          <div role="status">
            <Facts
              items={[
                [
                  t('title'),
                  <Link key="tariff" to={encodeURIComponent(found.tariff)}>
                    {found.tariff}, {t('version')} {found.version}
                  </Link>,
                ],
                [t('because'), t(`to.${found.by}`)],
                ...(found.basis === null
                  ? []
                  : [
                      [
                        t('basis'),
                        `${found.basis.name}: ${format.unitPrice(found.basis.price, found.currency)}`,
                      ] as const,
                    ]),
              ]}
            />
            <Table
              id="tariff-in-force"
              caption={t('prices')}
              rows={found.components}
              rowKey={(it) => `${it.dimension} ${it.element} ${it.inclVat} ${it.when?.en}`}
              columns={[
                { id: 'what', header: t('prices'), name: true, cell: ({ text }) => text[language] },
                {
                  ...{ id: 'incl', header: t('gross'), numeric: true },
                  cell: ({ inclVat, unit }) => `${format.unitPrice(inclVat, found.currency)} ${t(units[unit])}`,
                },
                {
                  ...{ id: 'excl', header: t('net'), numeric: true },
                  cell: ({ exclVat }) => format.unitPrice(exclVat, found.currency),
                },
                { id: 'when', header: t('when'), cell: ({ when }) => when?.[language] ?? t('alwaysWord') },
                {
                  ...{ id: 'now', header: t('thatMinute') },
                  cell: ({ now: holds }) =>
                    holds ? (
                      <Mark standing="charging">{t('holds')}</Mark>
                    ) : (
                      <span className="faint">{t('holdsNot')}</span>
                    ),
                },
              ]}
            />
          </div>
        )}
      </Panel>
    </>
  );
}
