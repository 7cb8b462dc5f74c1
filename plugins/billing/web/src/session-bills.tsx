import { Empty, Loaded, page, useHost, useRead } from '@plugga/console';
import { InvoiceTable } from './invoice-table.tsx';
import type { Invoice, Page } from './invoice.ts';
import { useText } from './use-text.ts';

/** On the page of a session: the bills that it is on, with what took them back. */
function SessionBills() {
  const t = useText();
  const session = useHost().subject;
  const bills = useRead<Page<Invoice>>('/invoices', { query: { session }, on: ['invoice.', 'cdr.'] });
  return (
    <Loaded read={bills}>
      {({ items }) =>
        items.length === 0 ? <Empty title={t('noBillYet')} /> : <InvoiceTable id="session-bills" rows={items} />
      }
    </Loaded>
  );
}

export const mount = page(SessionBills);
