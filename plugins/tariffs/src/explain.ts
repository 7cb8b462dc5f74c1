import {
  dimensionWords,
  fail,
  instant,
  jsonRoute,
  unitWords,
  whenWords,
  z,
  type JsonRoute,
  type PriceLine,
  type SessionId,
  type Words,
} from '@plugga/kit';
import { bindingOf, type Bound } from './bindings.ts';
import { failTariff } from './errors.ts';
import { offersOf, versionOfOffer } from './offers.ts';
import { congestionOf } from './occupancy.ts';
import { priceBillable } from './price/billable.ts';
import type { TariffContext } from './routes.ts';
import { chargedSoFar, nothing, type Running } from './running.ts';
import { sessionsAt } from './sessions.ts';
import type { PriceDetail } from './migrations.ts';
import type { TariffVersion } from './version.ts';
import { versionOf, type Db } from './versions.ts';

const words = z.object({ en: z.string(), sv: z.string() });
const explained = z
  .object({
    session: z.string(),
    final: z.boolean(),
    tariff: z.string(),
    version: z.number().int(),
    locked: z.string().nullable().openapi({ description: 'The offer that was shown, or that keeps a moving price' }),
    why: words.openapi({ description: 'Why this tariff' }),
    total: z.object({ currency: z.string(), exclVat: z.string(), vat: z.string(), inclVat: z.string() }),
    lines: z.array(
      z.looseObject({ dimension: z.string(), quantity: z.string(), unit: z.string(), unitPrice: z.string(), words }),
    ),
    notes: z.array(z.object({ code: z.string(), text: z.string() })),
  })
  .openapi('PriceExplained');

interface Price {
  readonly bound: Pick<Bound, 'tariff' | 'version' | 'offer' | 'final'>;
  readonly tariff: TariffVersion | undefined;
  readonly detail: PriceDetail;
  readonly total: NonNullable<Bound['total']>;
}

/** "12.3 kWh at 4 SEK excl. VAT, the price 06:00 to 22:00; Mon": one line of a price in words. Pure. */
function lineWords(line: PriceLine, currency: string): Words {
  const { dimension, quantity, unit, unitPrice, exclVat, reason } = line;
  const what = dimensionWords[dimension];
  const when = reason === undefined || reason.code === 'cap' ? undefined : whenWords(reason.when);
  const per = unitWords[unit];
  if (dimension === 'limit')
    return { en: `${what.en}: ${exclVat} ${currency}`, sv: `${what.sv}: ${exclVat} ${currency}` };
  const of = {
    en: `${quantity} ${per.en} at ${unitPrice} ${currency}`,
    sv: `${quantity} ${per.sv} à ${unitPrice} ${currency}`,
  };
  return {
    en: `${what.en}: ${of.en} excl. VAT${when === undefined ? '' : `, the price ${when.en}`}`,
    sv: `${what.sv}: ${of.sv} exkl. moms${when === undefined ? '' : `, priset ${when.sv}`}`,
  };
}

function whyOf({ bound, tariff }: Price, shownAt: string | undefined): Words {
  const basis = tariff?.basis;
  const moved =
    basis === undefined
      ? { en: '', sv: '' }
      : { en: `, moved by ${basis.name} (${basis.price} a kWh)`, sv: `, med ${basis.name} (${basis.price} per kWh)` };
  const name = `${bound.tariff}, version ${bound.version}`;
  if (shownAt !== undefined)
    return {
      en: `The price that was shown at ${shownAt}: tariff ${name}${moved.en}.`,
      sv: `Priset som visades ${shownAt}: tariff ${name}${moved.sv}.`,
    };
  return {
    en: `The tariff in force at the start: ${name}${moved.en}.`,
    sv: `Tariffen som gällde vid start: ${name}${moved.sv}.`,
  };
}

/** The price of a session that was made last: the final one as it was told, a running one as it is now. */
async function priceOf(db: Db, session: SessionId, now: number): Promise<Price> {
  const bound = await bindingOf(db, session);
  if (bound === undefined) throw failTariff('price-unknown', `no price was made of the session "${session}"`);
  const offer = bound.offer === null ? undefined : (await offersOf(db, [bound.offer])).get(bound.offer);
  const tariff = offer === undefined ? await versionOf(db, bound.tariff, bound.version) : versionOfOffer(offer);
  if (bound.final && bound.detail !== null && bound.total !== null)
    return { bound, tariff, detail: bound.detail, total: bound.total };
  const running = (await sessionsAt(db, [session])).get(session);
  if (running === undefined || tariff === undefined)
    throw failTariff('price-unknown', `the session "${session}" has ended, and its price is not made yet`);
  const row = await db.selectFrom('running').select('state').where('session', '=', session).executeTakeFirst();
  const { visit, energyWh, timeZone } = running;
  const state = (row?.state as Running | undefined) ?? nothing;
  const charged = chargedSoFar(state, { startedAt: visit.startedAt, now: instant(now), energyWh, timeZone });
  const site = { body: tariff.body, location: visit.place.location, from: visit.startedAt, until: instant(now) };
  const congestion = (await congestionOf(db, new Map([[session, site]]))).get(session);
  const price = priceBillable(tariff, { ...charged, congestion });
  return { bound, tariff, detail: { ...price, energyWh }, total: price.total };
}

/** GET /tariffs/explain?session=: why this price, line by line, in Swedish and English. */
export const explainRoute = ({ db, transaction, clock }: TariffContext): JsonRoute =>
  jsonRoute(
    {
      method: 'get',
      path: '/explain',
      summary: 'Why a session costs what it costs, line by line, in English and Swedish',
      query: z.object({ session: z.string().max(64) }),
      gives: explained,
    },
    ({ tenant, query }) =>
      transaction(tenant, async (tx) => {
        const own = db(tx);
        const session = query.session as SessionId;
        const known = await own.selectFrom('core.session').select('id').where('id', '=', session).executeTakeFirst();
        if (known === undefined) throw fail('not-found', `there is no session "${session}"`);
        const price = await priceOf(own, session, clock.now());
        const { bound, detail, total } = price;
        const offer = bound.offer === null ? undefined : (await offersOf(own, [bound.offer])).get(bound.offer);
        return {
          ...{ session, final: bound.final, tariff: bound.tariff, version: bound.version, locked: bound.offer },
          why: whyOf(price, offer?.shown === true ? offer.shown_at.toISOString() : undefined),
          total,
          lines: detail.lines.map((line) => ({ ...line, words: lineWords(line, total.currency) })),
          notes: [...(detail.notes ?? [])],
        };
      }),
  );
