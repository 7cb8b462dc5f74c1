import { createRoute, fail, z, type JsonRoute } from '@plugga/kit';
import type { BillingContext } from './context.ts';
import { fileOf, type MadeFile } from './files.ts';
import { invoiceNamed } from './invoices.ts';
import { renderPdf } from './pdf/render.ts';
import { renderUbl } from './ubl/ubl.ts';

const kinds = {
  pdf: {
    ...{ type: 'application/pdf', end: 'pdf', make: renderPdf },
    summary: 'The document as a PDF: made once, the same bytes each time',
  },
  ubl: {
    ...{ type: 'application/xml', end: 'xml', make: renderUbl },
    summary: 'The document as an e-invoice: UBL 2.1, Peppol BIS Billing 3; 409 names the rules that it would break',
  },
} as const;
type Kind = keyof typeof kinds;

/** `/invoices/{id}/pdf` and `/invoices/{id}/ubl`; where a name with its ending is wanted, `/invoices/{id}.pdf` and `.xml`. */
export function fileRoutes(context: BillingContext): readonly JsonRoute[] {
  const { db, transaction } = context;
  const made = async (tenant: Parameters<typeof transaction>[0], kind: Kind, name: string) => {
    const invoice = await transaction(tenant, (tx) => invoiceNamed(db(tx), name));
    const file = await fileOf(context, { tenant, invoice, kind, make: kinds[kind].make });
    return { file, name: `${invoice.number}.${kinds[kind].end}` };
  };
  const headersOf = (kind: Kind, name: string, { sha256, kept }: MadeFile): Record<string, string> => ({
    'content-type': kinds[kind].type,
    'content-disposition': `inline; filename="${name.replaceAll(/[^\w.-]/g, '_')}"`,
    etag: `"${sha256}"`,
    'x-content-sha256': sha256,
    // A document whose seller is missing is not kept: the next one may say more.
    'cache-control': kept ? 'private, no-cache' : 'no-store',
  });

  return (Object.keys(kinds) as Kind[]).map((kind): JsonRoute => {
    const { type, end, summary } = kinds[kind];
    const responses = { 200: { description: summary, content: { [type]: { schema: z.string() } } } };
    return (app) => {
      const route = createRoute({
        ...{ method: 'get', path: `/{id}/${kind}`, summary, responses },
        request: { params: z.object({ id: z.string() }) },
      } as const);
      app.openapi(route, async (c) => {
        const { file, name } = await made(c.get('caller').tenant, kind, c.req.param('id'));
        return c.body(new Uint8Array(file.bytes), 200, headersOf(kind, name, file)) as never;
      });
      app.get(`/:file{[^/]+\\.${end}}`, async (c) => {
        const id = (c.req.param('file') ?? '').slice(0, -(end.length + 1));
        if (id === '') throw fail('not-found', 'no document is named');
        const { file, name } = await made(c.get('caller').tenant, kind, id);
        return c.body(new Uint8Array(file.bytes), 200, headersOf(kind, name, file));
      });
    };
  });
}
