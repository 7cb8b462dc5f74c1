import { join } from 'node:path';
import {
  anyOf,
  definePlugin,
  on,
  onBatch,
  sessionClosed,
  sessionCorrected,
  sessionMetered,
  sessionVerified,
  SignedValues,
  tables,
  variablesReported,
  z,
} from '@plugga/kit';
import { closingsOf, createHandler, sayOf } from './closings.ts';
import { foundRoutes, meterRoutes, work } from './meter-routes.ts';
import { migrations, type SignedValueTables } from './migrations.ts';
import { readPublicKey } from './public-key.ts';
import { keepFound } from './store.ts';
import { isOfInterest } from './taken.ts';
import { valueRoutes } from './value-routes.ts';

const settings = z.strictObject({
  /** How far the meter's clock and the times of the session may lie apart. */
  toleranceSeconds: z.number().int().min(0).max(86_400).default(300),
  /** Believes readings of a meter whose clock was not set (time status U). */
  acceptUnsynchronised: z.boolean().default(false),
  /** Believes records whose numbers leave some out: for meters that count for several connectors at once. */
  acceptGaps: z.boolean().default(false),
});

/** MeterPublicKey[1] or MeterPublicKey1 (OCA, Signed Meter Values in OCPP, section 3.3.1), and without a connector. */
const TELLS_KEY = /^MeterPublicKeys?(?:\[\d+\]|\d+)?$/i;
const REJUDGED_AT_ONCE = 50;

/** Keeps the signed values of meters as they came, and says of each closing whether they prove what is billed. */
export const signedValues = definePlugin({
  name: 'signed-values',
  settings,
  tables: tables<SignedValueTables>(),
  migrations,
  offers: { signedValues: SignedValues },
  events: [sessionVerified],
  work,
  setup: (context) => {
    const { clock, db, enqueue, transaction } = context;
    return {
      offers: {
        signedValues: {
          verdictsOn: async (tx, closings) => {
            const found = await db(tx)
              .selectFrom('closing')
              .select(['event', 'verdict'])
              .where('event', '=', anyOf(closings))
              .execute();
            return new Map(found.map(({ event, verdict }) => [event, verdict]));
          },
        },
      },
      on: [
        onBatch([sessionMetered, sessionClosed, sessionCorrected], createHandler(context), { only: isOfInterest }),
        on(variablesReported, async ({ station, data: { values } }, tx) => {
          if (station === undefined) return;
          const told = values.flatMap(({ name, value }) => {
            const read = TELLS_KEY.test(name) && value ? readPublicKey(value) : undefined;
            return read?.ok ? [{ station, name, key: read.key, serial: null, seenAt: new Date(clock.now()) }] : [];
          });
          await keepFound(db(tx), tx, told);
        }),
      ],
      work: {
        /** A key was registered: what could not be verified without it may be now. */
        rejudge: ({ serial, after }, { tenant }) =>
          transaction(tenant, async (tx) => {
            let query = db(tx)
              .selectFrom('record')
              .innerJoin('closing', 'closing.session', 'record.session')
              .select('record.session')
              .distinct()
              .where('record.meter', '=', serial)
              .where('closing.result', '<>', 'verified')
              .orderBy('record.session')
              .limit(REJUDGED_AT_ONCE);
            if (after !== undefined) query = query.where('record.session', '>', after as never);
            const sessions = (await query.execute()).map(({ session }) => session);
            await sayOf(context, tx, await closingsOf(context, tx, sessions));
            if (sessions.length === REJUDGED_AT_ONCE) await enqueue(tx, 'rejudge', { serial, after: sessions.at(-1)! });
          }),
      },
      routes: {
        '/signed-values': valueRoutes(context),
        '/meters': meterRoutes(context),
        '/meter-keys': foundRoutes(context),
      },
      web: { root: join(import.meta.dirname, '..') },
      ui: [
        {
          ...{ host: 'console', slot: 'network', path: 'meters', module: 'meters.js' },
          title: { en: 'Meters and keys', sv: 'Mätare och nycklar' },
        },
        {
          ...{ host: 'console', slot: 'money', path: 'values', module: 'values.js' },
          title: { en: 'Signed values', sv: 'Signerade värden' },
        },
        {
          ...{ host: 'console', slot: 'session', path: 'signed', module: 'session-values.js' },
          title: { en: 'Signed values', sv: 'Signerade värden' },
        },
      ],
    };
  },
});
