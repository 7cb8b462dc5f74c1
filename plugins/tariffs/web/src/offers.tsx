import {
  Empty,
  Link,
  Loaded,
  Mark,
  Moment,
  page,
  PageHead,
  Pager,
  Panel,
  Table,
  Tabs,
  texts,
  useFormat,
  useLanguage,
  usePlace,
  useRead,
} from '@plugga/console';
import { en, sv } from './texts.ts';

const useText = texts({ en, sv });

interface Words {
  readonly en: string;
  readonly sv: string;
}
interface Offer {
  readonly id: string;
  readonly tariff: string;
  readonly version: number;
  readonly place: {
    readonly location: string | null;
    readonly evseId: string | null;
    readonly connectorId: string | null;
  };
  readonly channel: string | null;
  readonly shownAt: string;
  readonly validUntil: string;
  readonly valid: boolean;
  readonly shown: boolean;
  readonly used: boolean;
  readonly currency: string;
  readonly components: readonly {
    readonly text: Words;
    readonly inclVat: string;
    readonly when?: Words;
    readonly now: boolean;
    readonly element?: number;
    readonly dimension: string;
  }[];
}

function State({ offer: { used, valid, shown } }: { readonly offer: Offer }) {
  const t = useText();
  if (used) return <Mark standing="free">{t('offerUsed')}</Mark>;
  if (!shown) return <Mark standing="out">{t('offerKept')}</Mark>;
  return <Mark standing={valid ? 'charging' : 'out'}>{t(valid ? 'offerValid' : 'offerExpired')}</Mark>;
}

/** What the driver read, with VAT, in the order of the display. */
function Components({ offer: { components, currency } }: { readonly offer: Offer }) {
  const language = useLanguage();
  const format = useFormat();
  return (
    <ul>
      {components.map(({ text, inclVat, when, now, element, dimension }) => (
        <li key={`${dimension} ${element} ${inclVat}`} className={now ? '' : 'faint'}>
          {text[language]}: {format.unitPrice(inclVat, currency)} {when === undefined ? '' : `(${when[language]})`}
        </li>
      ))}
    </ul>
  );
}

/** Prices that were shown and are locked: what was shown is what is billed. */
function Offers() {
  const t = useText();
  const { cursor, valid } = usePlace().search;
  const onlyValid = valid === 'true';
  const offers = useRead<{ readonly items: readonly Offer[]; readonly next: string | null }>('/offers', {
    ...{ query: { cursor, limit: 50, valid: onlyValid ? 'true' : undefined }, keep: true, everyMs: 10_000 },
  });
  return (
    <>
      <PageHead title={t('offers')} />
      <Tabs
        label={t('offers')}
        items={[
          { to: '', text: t('offersAll'), current: !onlyValid },
          { to: '?valid=true', text: t('offerValid'), current: onlyValid },
        ]}
      />
      <Panel title={t('offers')}>
        <p className="faint">{t('offersText')}</p>
        <Loaded read={offers}>
          {({ items, next }) =>
            items.length === 0 ? (
              <Empty title={t('offersNone')} />
            ) : (
              <>
                <Table
                  id="offers"
                  caption={t('offers')}
                  rows={items}
                  rowKey={({ id }) => id}
                  columns={[
                    {
                      id: 'shown',
                      header: t('offerShown'),
                      name: true,
                      cell: ({ shownAt }) => <Moment at={shownAt} />,
                    },
                    { id: 'state', header: t('offerState'), cell: (offer) => <State offer={offer} /> },
                    { id: 'until', header: t('offerUntil'), cell: ({ validUntil }) => <Moment at={validUntil} /> },
                    { id: 'prices', header: t('offerPrices'), cell: (offer) => <Components offer={offer} /> },
                    {
                      id: 'tariff',
                      header: t('version'),
                      cell: ({ tariff, version }) => (
                        <Link to={`/p/tariffs/tariffs/${encodeURIComponent(tariff)}`}>
                          {tariff}@{version}
                        </Link>
                      ),
                    },
                    {
                      id: 'place',
                      header: t('target'),
                      cell: ({ place }) => <code>{place.connectorId ?? place.evseId ?? place.location ?? '–'}</code>,
                    },
                    { id: 'channel', header: t('kind'), cell: ({ channel }) => channel ?? '–' },
                  ]}
                />
                <Pager cursor={cursor} next={next} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

export const mount = page(Offers);
