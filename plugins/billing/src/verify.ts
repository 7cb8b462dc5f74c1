import { decimalOf, fail, type Instant, type RouteGroup, type TenantId } from '@plugga/kit';
import type { BillingContext } from './context.ts';
import type { DocumentRow } from './db.ts';
import { localDate } from './time.ts';

/** Where the QR code of a document leads: `/verify/<tenant>.<128 random bits>`. */
export const verifyUrl = (publicUrl: string, { tenant, verify }: Pick<DocumentRow, 'tenant' | 'verify'>): string =>
  `${publicUrl}/verify/${encodeURIComponent(tenant)}.${verify}`;

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

const words = {
  sv: {
    ...{ title: 'Äkta dokument', true: 'Dokumentet är utfärdat här.', number: 'Nummer', date: 'Datum' },
    ...{ total: 'Att betala', seller: 'Säljare', credited: 'Krediterat av', invoice: 'Faktura' },
    ...{ receipt: 'Kvitto', credit: 'Kreditfaktura', kind: 'Dokument' },
  },
  en: {
    ...{ title: 'Genuine document', true: 'This document was issued here.', number: 'Number', date: 'Date' },
    ...{ total: 'Total', seller: 'Seller', credited: 'Credited by', invoice: 'Invoice' },
    ...{ receipt: 'Receipt', credit: 'Credit note', kind: 'Document' },
  },
} as const;

/** Whoever holds a document may ask whether it is true: number, date, total and seller, and nothing of the buyer or the session. */
export const verifyRoutes = ({ db, transaction }: BillingContext): RouteGroup => ({
  auth: 'public',
  mount: (app) => {
    app.get('/:reference', async (c) => {
      const reference = c.req.param('reference');
      const dot = reference.lastIndexOf('.');
      const tenant = decodeURIComponent(reference.slice(0, Math.max(dot, 0))) as TenantId;
      const verify = reference.slice(dot + 1);
      const found = /^[\w-]{22}$/.test(verify)
        ? await transaction(tenant, (tx) =>
            db(tx)
              .selectFrom('document')
              .innerJoin('invoice', 'invoice.id', 'document.invoice')
              .select(['invoice.number', 'invoice.kind', 'invoice.currency', 'invoice.incl_vat_minor'])
              .select([
                'invoice.issued_at',
                'document.form',
                'document.seller',
                'document.language',
                'document.time_zone',
              ])
              .select((it) =>
                it
                  .selectFrom('document as note')
                  .innerJoin('invoice as credit', 'credit.id', 'note.invoice')
                  .select((of) => of.fn.max('credit.number').as('number'))
                  .whereRef('note.credits', '=', 'invoice.id')
                  .as('credited'),
              )
              .where('document.verify', '=', verify)
              .executeTakeFirst(),
          )
        : undefined;
      if (found === undefined) throw fail('not-found', 'no document of ours has this reference');
      const { currency, seller, language } = found;
      const kind = found.kind === 'credit' ? 'credit' : found.form;
      const answer = {
        ...{ genuine: true, kind, number: found.number, currency },
        date: localDate(found.issued_at.getTime() as Instant, found.time_zone),
        inclVat: decimalOf({ currency, minor: BigInt(found.incl_vat_minor) }),
        ...{ seller: seller?.legalName ?? null, vatNumber: seller?.vatNumber ?? null, creditedBy: found.credited },
      };
      c.header('cache-control', 'no-store');
      c.header('x-robots-tag', 'noindex');
      if (!(c.req.header('accept') ?? '').includes('text/html')) return c.json(answer);
      const say = words[language];
      const rows = [
        [say.kind, say[kind]],
        [say.number, answer.number],
        [say.date, answer.date],
        [say.total, `${answer.inclVat} ${currency}`],
        [say.seller, [answer.seller, answer.vatNumber].filter((it) => it !== null).join(', ')],
        [say.credited, answer.creditedBy ?? ''],
      ].filter(([, value]) => value !== '');
      return c.html(
        `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
          `<title>${say.title}</title></head><body><main><h1>${say.title}</h1><p>${say.true}</p><table>` +
          rows
            .map(([name, value]) => `<tr><th scope="row">${name}</th><td>${escaped(value ?? '')}</td></tr>`)
            .join('') +
          '</table></main></body></html>',
      );
    });
  },
});
