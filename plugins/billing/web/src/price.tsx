import { Empty, Link, Loaded, page, useHost, useRead } from '@plugga/console';
import { standing, type Cdr } from './cdr.ts';
import { useText } from './use-text.ts';
import { CdrFacts, Release, WhyThisPrice } from './why.tsx';

/** On the page of a session: why it has its price, and its release where it is held. */
function Price() {
  const t = useText();
  const session = useHost().subject;
  const cdrs = useRead<{ readonly items: readonly Cdr[] }>('/cdrs', {
    query: { session },
    on: ['cdr.', 'session.priced'],
  });
  return (
    <Loaded read={cdrs}>
      {({ items }) => {
        const cdr = standing(items);
        if (cdr === undefined) return <Empty title={t('noPrice')} />;
        return (
          <>
            <WhyThisPrice cdr={cdr} />
            <CdrFacts cdr={cdr} />
            <div className="actions">
              <Release cdr={cdr} />
              <Link to={`/p/billing/cdrs/${encodeURIComponent(cdr.id)}`} className="button">
                {t('cdr')}
              </Link>
            </div>
          </>
        );
      }}
    </Loaded>
  );
}

export const mount = page(Price);
