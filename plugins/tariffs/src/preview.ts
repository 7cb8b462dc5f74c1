import { fail, instant, iso, jsonRoute, z, type Instant, type JsonRoute } from '@plugga/kit';
import { parseTariff } from './parse.ts';
import { findPlace } from './place.ts';
import { priceBillable, type Charged } from './price/billable.ts';
import { over, parseRatio, plus, times, toDecimal, whole, zero } from './price/ratio.ts';
import { zone } from './price/zone.ts';
import type { TariffContext } from './routes.ts';
import type { TariffBody } from './tariff.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PLACES = 4;

const price = z.object({ exclVat: z.string(), inclVat: z.string() });
const previewed = z
  .object({
    currency: z.string(),
    timeZone: z.string(),
    weekOf: z.string().openapi({ description: 'The Monday of the week, a local date' }),
    powerKw: z.number(),
    hours: z
      .array(
        z.object({ day: z.number().int(), hour: z.number().int(), energy: price.nullable(), idle: price.nullable() }),
      )
      .openapi({ description: '24 hours of 7 days, Monday is 0: a kWh at that power, and an idle hour; null is free' }),
    examples: z.array(
      z.object({
        name: z.string(),
        energyWh: z.number().int(),
        startedAt: z.string(),
        endedAt: z.string(),
        total: z.object({ currency: z.string(), exclVat: z.string(), vat: z.string(), inclVat: z.string() }),
        lines: z.array(z.looseObject({ dimension: z.string(), exclVat: z.string() })),
      }),
    ),
  })
  .openapi('TariffPreview');

const asked = z.object({
  tariff: z.record(z.string(), z.unknown()),
  location: z.string().max(64).optional(),
  timeZone: z.string().max(64).optional().openapi({ description: 'Instead of the zone of a location' }),
  powerKw: z.number().positive().max(1_000).default(11),
  week: z.iso.date().optional().openapi({ description: 'Any day of the week; this week where it is left out' }),
});

/** The instant at which the wall clock of the zone shows this hour of this local day; in a gap the first after it. */
function instantAt(day: number, hour: number, name: string): Instant {
  const place = zone(name);
  const wanted = day * DAY_MS + hour * HOUR_MS;
  // A zone is at most 14 hours from UTC; the offset at the guess is that of the moment but on the day that it changes.
  let at = wanted;
  for (let round = 0; round < 3; round += 1) {
    const wall = place.wall(at);
    at += wanted - (wall.day * DAY_MS + Math.round(wall.minute * 60_000));
  }
  return instant(at);
}

/** What lines of one dimension cost a unit; null where none priced it. */
function unitPrice(body: TariffBody, charged: Charged, dimension: string, units: number) {
  const lines = priceBillable({ body }, charged).lines.filter((it) => it.dimension === dimension);
  if (lines.length === 0) return null;
  let [excl, incl] = [zero, zero];
  for (const { exclVat, vatPercent } of lines) {
    const net = parseRatio(exclVat);
    excl = plus(excl, net);
    incl = plus(incl, over(times(net, plus(whole(100), parseRatio(vatPercent))), whole(100)));
  }
  const each = parseRatio(String(units));
  return { exclVat: toDecimal(over(excl, each), PLACES), inclVat: toDecimal(over(incl, each), PLACES) };
}

/** A charge of so many Wh at one power, and idle minutes after it while the plug stays in. */
function charge(start: Instant, o: { wh: number; watts: number; idleMs?: number; timeZone: string }): Charged {
  const end = instant(start + Math.round((o.wh / o.watts) * HOUR_MS));
  const unplugged = instant(end + (o.idleMs ?? 0));
  return {
    ...{ startedAt: iso(start), endedAt: iso(end), energyWh: o.wh, timeZone: o.timeZone },
    curve: [
      { at: iso(start), wh: 0 },
      { at: iso(end), wh: o.wh },
    ],
    states: [{ state: 'charging', from: iso(start), to: iso(end) }],
    ...(o.idleMs === undefined ? {} : { unpluggedAt: iso(unplugged) }),
  };
}

/** A week of a tariff in hours, and three charges under it. Step sizes and grace are left out of the week, as it shows prices. */
function preview(given: TariffBody, o: { timeZone: string; powerKw: number; monday: number }) {
  const { timeZone, powerKw, monday } = o;
  const { min_price: _min, max_price: _max, plugga, ...rest } = given;
  const { idleGraceSeconds: _grace, caps: _caps, ...own } = plugga ?? {};
  const bare: TariffBody = { ...rest, plugga: own };
  const watts = Math.round(powerKw * 1000);
  const hours = Array.from({ length: 7 * 24 }, (_, n) => {
    const [day, hour] = [Math.floor(n / 24), n % 24];
    const at = instantAt(monday + day, hour, timeZone);
    // A minute of that hour: a price that changes inside it is shown as it begins.
    const minute = { startedAt: iso(at), endedAt: iso(instant(at + 60_000)), timeZone };
    const wh = Math.max(1, Math.round(watts / 60));
    const flows = { ...minute, energyWh: wh, curve: [], states: [] };
    const idles = {
      ...{ ...minute, energyWh: 0, curve: [] },
      states: [{ state: 'suspendedEV' as const, from: minute.startedAt, to: minute.endedAt }],
    };
    return {
      ...{ day, hour },
      energy: unitPrice(bare, flows, 'energy', wh / 1000),
      idle: unitPrice(withoutSteps(bare), idles, 'idle', 1 / 60),
    };
  });
  const at = (hour: number) => instantAt(monday + 2, hour, timeZone);
  const examples = [
    { name: '10 kWh AC at night', charged: charge(at(23), { wh: 10_000, watts: 11_000, timeZone }) },
    { name: '40 kWh DC at noon', charged: charge(at(12), { wh: 40_000, watts: 150_000, timeZone }) },
    { name: '2 h idle', charged: charge(at(17), { wh: 11_000, watts: 11_000, idleMs: 2 * HOUR_MS, timeZone }) },
  ].map(({ name, charged }) => {
    const { total, lines } = priceBillable({ body: given }, charged);
    const { energyWh, startedAt, endedAt } = charged;
    return { name, energyWh, startedAt, endedAt: charged.unpluggedAt ?? endedAt, total, lines: [...lines] };
  });
  return { hours, examples };
}

const withoutSteps = (body: TariffBody): TariffBody => ({
  ...body,
  elements: body.elements.map((element) => ({
    ...element,
    price_components: element.price_components.map((it) => ({ ...it, step_size: 1 })),
  })),
});

/** POST /tariffs/preview: what a draft charges through a week, and for three charges. Nothing is stored. */
export const previewRoute = ({ db, transaction, clock }: TariffContext): JsonRoute =>
  jsonRoute(
    {
      method: 'post',
      path: '/preview',
      summary: 'A week of a draft, hour by hour, and three example charges; nothing is stored',
      body: asked,
      gives: previewed,
    },
    async ({ tenant, body: { tariff, location, timeZone: given, powerKw, week } }) => {
      const body = parseTariff(tariff);
      const timeZone =
        given ??
        (location === undefined
          ? 'UTC'
          : (await transaction(tenant, (tx) => findPlace(db(tx), { location }))).timeZone);
      const today = week === undefined ? zone(timeZone).wall(clock.now()).day : Date.parse(week) / DAY_MS;
      if (!Number.isInteger(today)) throw fail('invalid-input', `week: "${week}" is not a date`);
      // Day 0 of 1970 was a Thursday.
      const monday = today - ((((today + 3) % 7) + 7) % 7);
      return {
        ...{ currency: body.currency, timeZone, weekOf: iso(instant(monday * DAY_MS)).slice(0, 10), powerKw },
        ...preview(body, { timeZone, powerKw, monday }),
      };
    },
  );
