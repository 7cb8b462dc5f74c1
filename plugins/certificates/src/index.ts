import { join } from 'node:path';
import {
  apiRoutes,
  type CertificateOwn,
  certificateRequested,
  commandChanged,
  definePlugin,
  fail,
  instant,
  type Instant,
  jsonRoute,
  on,
  type Questions,
  secret,
  tables,
  type TenantId,
  type Tx,
  z,
} from '@plugga/kit';
import type { Authority } from './authority.ts';
import { type CertificateTables, migrations } from './migrations.ts';

/** Read in when the first station asks: most installations never sign. */
const signing = async () => ({ ...(await import('./authority.ts')), ...(await import('./request.ts')) });

const DAY_MS = 86_400_000;
const isForCars = (use: CertificateOwn | null | undefined): use is 'v2g' | 'v2g20' => use === 'v2g' || use === 'v2g20';
/** How a station is asked for its next one. */
const RENEWS = { station: 'signCertificate', v2g: 'signV2gCertificate', v2g20: 'signV2g20Certificate' } as const;
const pem = (label: string) =>
  z
    .string()
    .max(20_000)
    .regex(new RegExp(`-----BEGIN ${label}-----`), `PEM of a ${label}`);
const authority = z.strictObject({ certificate: pem('CERTIFICATE'), key: secret(pem('PRIVATE KEY')) });
const settings = z.strictObject({
  authority: authority.optional(),
  /** Signs what stations show to cars (ISO 15118): an authority below a V2G root. Without it nobody here does. */
  v2gAuthority: authority.optional(),
  validityDays: z.number().int().min(1).max(1825).default(365),
  /** How long before its end a station is asked to renew. */
  renewDays: z.number().int().min(1).max(365).default(30),
});

const shown = z
  .object({
    serial: z.string(),
    station: z.string(),
    commonName: z.string(),
    pem: z.string(),
    notAfter: z.iso.datetime(),
    use: z.enum(['station', 'v2g', 'v2g20']).openapi({ description: 'Shown to us, or to cars by ISO 15118-2 or -20' }),
    status: z
      .enum(['sent', 'taken', 'used', 'refused', 'revoked'])
      .openapi({ description: 'taken: by its answer; used: it has come with it' }),
    detail: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Certificate');

/** Signs what stations ask for, delivers it, and has it renewed in time. */
export const certificates = definePlugin({
  name: 'certificates',
  config: z.object({ development: z.boolean().default(false) }),
  settings,
  tables: tables<CertificateTables>(),
  migrations,
  work: { renew: z.object({ serial: z.string() }) },
  setup: (context) => {
    const { db, transaction, clock, random, commands, config, log } = context;
    /** 16 bytes, positive: RFC 5280 section 4.1.2.2. */
    const newSerial = (): string => {
      const bytes = Buffer.from(random.bytes(16));
      bytes[0] = (bytes[0]! & 0x7f) | 0x40;
      return bytes.toString('hex');
    };

    const ownRoot = async (tx: Tx): Promise<{ certificate: string; key: string } | undefined> => {
      const kept = await db(tx).selectFrom('root').select(['certificate', 'key']).executeTakeFirst();
      if (kept !== undefined || !config.development) return kept;
      const { developmentRoot } = await signing();
      const made = await developmentRoot({
        name: `Plugga development ${tx.tenant}`,
        now: clock.now(),
        serial: newSerial(),
      });
      await db(tx)
        .insertInto('root')
        .values({ ...made, created_at: new Date(clock.now()) })
        .onConflict((it) => it.column('tenant').doNothing())
        .execute();
      return db(tx).selectFrom('root').select(['certificate', 'key']).executeTakeFirst();
    };
    /**
     * The tenant's own, else, for what stations show to us, the development root; undefined where there is none. Throws what is
     * wrong with its own.
     */
    const authorityFor = async (tx: Tx, forCars = false): Promise<Authority | undefined> => {
      const { authority, v2gAuthority } = await context.settings(tx);
      const given = forCars ? v2gAuthority : (authority ?? (await ownRoot(tx)));
      return given === undefined ? undefined : (await signing()).authorityOf(given);
    };

    const judge = async (tenant: TenantId, { csr, names, use }: Questions['signCertificate']['ask']) => {
      const { readRequest } = await signing();
      // To cars a station goes by the name that its V2G operator gave it, which nothing here knows.
      const checked = await readRequest(csr, isForCars(use) ? undefined : names);
      if (!checked.ok) return { accept: false, reason: checked.reason };
      return transaction(tenant, async (tx) => {
        try {
          return (await authorityFor(tx, isForCars(use))) === undefined ? undefined : { accept: true };
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          log.error('no certificate can be signed', { reason });
          return { accept: false, reason };
        }
      });
    };

    /** One that was signed here is known by its number; another, by who signed it. */
    const vouch = async (tenant: TenantId, { station, certificate }: Questions['stationCertificate']['ask']) => {
      const { isSignedBy, readCertificate } = await signing();
      const shown = readCertificate(certificate);
      if (shown === undefined) return undefined;
      return transaction(tenant, async (tx) => {
        const row = await db(tx)
          .selectFrom('certificate')
          .select(['station', 'pem', 'status', 'use'])
          .where('serial', '=', shown.serialNumber)
          .executeTakeFirst();
        if (row !== undefined && readCertificate(row.pem)?.equal(shown) === true) {
          if (row.status === 'revoked') return { accept: false, reason: 'it has been revoked' };
          if (row.use !== null) return { accept: false, reason: 'it was signed to be shown to cars' };
          return row.station === station
            ? { accept: true }
            : { accept: false, reason: 'it was signed for another station' };
        }
        const authority = await authorityFor(tx).catch((error: unknown) => {
          log.error('whose certificate it is cannot be said', { reason: String(error) });
        });
        return authority !== undefined && (await isSignedBy(authority, shown, clock.now()))
          ? { accept: true }
          : undefined;
      });
    };

    const renewLater = (tx: Tx, serial: string, at: Instant): Promise<void> =>
      context.enqueue(tx, 'renew', { serial }, { key: `renew/${serial}`, after: at });
    /** Asks the station for its next request, once a day until a newer one was taken or this one has run out. */
    const renew = async (tx: Tx, serial: string): Promise<void> => {
      const row = await db(tx)
        .selectFrom('certificate')
        .select(['station', 'not_after', 'created_at', 'status', 'use'])
        .where('serial', '=', serial)
        .executeTakeFirst();
      const now = clock.now();
      if (row === undefined || row.status === 'refused' || row.status === 'revoked' || row.not_after.getTime() <= now)
        return;
      const newer = await db(tx)
        .selectFrom('certificate')
        .select('serial')
        .where('station', '=', row.station)
        .where('status', 'in', ['taken', 'used'])
        .where('created_at', '>', row.created_at)
        .where('use', 'is not distinct from', row.use)
        .limit(1)
        .executeTakeFirst();
      if (newer !== undefined) return;
      await commands.send(tx, row.station, 'trigger', { message: RENEWS[row.use ?? 'station'] });
      const set = { renewal_asked_at: new Date(now) };
      await db(tx).updateTable('certificate').set(set).where('serial', '=', serial).execute();
      await renewLater(tx, serial, instant(now + DAY_MS));
    };

    return {
      answers: {
        signCertificate: (ask, { tenant }) => judge(tenant, ask),
        stationCertificate: (ask, { tenant }) => vouch(tenant, ask),
      },
      on: [
        on(certificateRequested, async ({ station, data: { csr, accepted, by, use, request } }, tx) => {
          if (!accepted || by !== 'certificates' || station === undefined) return;
          const { readRequest, issue } = await signing();
          const checked = await readRequest(csr);
          const forCars = isForCars(use);
          const authority = await authorityFor(tx, forCars);
          if (!checked.ok || authority === undefined) throw new Error('what was accepted can no longer be signed');
          const { validityDays: days, renewDays } = await context.settings(tx);
          const serial = newSerial();
          const signed = await issue(authority, checked.request, { now: clock.now(), serial, days, forCars });
          const command = await commands.send(tx, station, 'certificateSigned', {
            chain: signed.chain,
            ...(use === undefined ? {} : { use }),
            ...(request === undefined ? {} : { request }),
          });
          await db(tx)
            .insertInto('certificate')
            .values({
              ...{ serial, station, common_name: checked.commonName, pem: signed.pem, not_after: signed.notAfter },
              ...{ status: 'sent', detail: null, command, renewal_asked_at: null },
              ...{ created_at: new Date(clock.now()), use: isForCars(use) ? use : null },
            })
            .execute();
          await renewLater(tx, serial, instant(signed.notAfter.getTime() - renewDays * DAY_MS));
        }),
        on(commandChanged, async ({ data: { command, name, status, detail } }, tx) => {
          if (name !== 'certificateSigned' || status === 'queued' || status === 'sent') return;
          const taken = status === 'accepted' || status === 'done';
          const now = status === 'done' ? 'used' : taken ? 'taken' : 'refused';
          await db(tx)
            .updateTable('certificate')
            .set({ status: now, detail: taken ? null : (detail ?? status) })
            .where('command', '=', command as never)
            .where('status', '<>', 'revoked')
            .execute();
        }),
      ],
      work: {
        renew: ({ serial }, { tenant }) => transaction(tenant, (tx) => renew(tx, serial)),
      },
      routes: {
        '/certificates': apiRoutes(
          jsonRoute(
            {
              method: 'get',
              path: '/',
              summary: 'Certificates that were signed for stations, newest first; the last 200',
              query: z.object({ station: z.string().optional() }),
              gives: z.object({ items: z.array(shown) }),
            },
            ({ tenant, query }) =>
              transaction(tenant, async (tx) => {
                let rows = db(tx)
                  .selectFrom('certificate')
                  .innerJoin('core.station', 'core.station.id', 'certificate.station')
                  .select([
                    'serial',
                    'identity',
                    'common_name',
                    'pem',
                    'not_after',
                    'use',
                    'status',
                    'detail',
                    'created_at',
                  ])
                  .orderBy('created_at', 'desc')
                  .orderBy('serial')
                  .limit(200);
                if (query.station !== undefined) rows = rows.where('identity', '=', query.station);
                const items = (await rows.execute()).map((row) => ({
                  serial: row.serial,
                  station: row.identity,
                  commonName: row.common_name,
                  pem: row.pem,
                  notAfter: row.not_after.toISOString(),
                  use: row.use ?? ('station' as const),
                  status: row.status,
                  detail: row.detail,
                  createdAt: row.created_at.toISOString(),
                }));
                return { items };
              }),
          ),
          jsonRoute(
            {
              method: 'post',
              path: '/{serial}/revoke',
              summary:
                'The station is not let in with it any more; one that is connected stays until it connects again',
              params: z.object({ serial: z.string() }),
              gives: z.object({ serial: z.string(), status: z.literal('revoked') }),
            },
            ({ tenant, params: { serial } }) =>
              transaction(tenant, async (tx) => {
                const [revoked] = await db(tx)
                  .updateTable('certificate')
                  .set({ status: 'revoked' })
                  .where('serial', '=', serial)
                  .returning('serial')
                  .execute();
                if (revoked === undefined) throw fail('not-found', `no certificate "${serial}" was signed here`);
                return { serial, status: 'revoked' as const };
              }),
          ),
          jsonRoute(
            {
              method: 'get',
              path: '/authority',
              summary: 'The certificate that signs: what a TLS server must trust to know these stations',
              gives: z.object({
                certificate: z.string(),
                subject: z.string(),
                notAfter: z.iso.datetime(),
                development: z.boolean(),
              }),
            },
            ({ tenant }) =>
              transaction(tenant, async (tx) => {
                const authority = await authorityFor(tx);
                if (authority === undefined)
                  throw fail('not-found', 'nobody signs here: set an authority in the settings of this plugin');
                return {
                  certificate: authority.chain,
                  subject: authority.certificate.subject,
                  notAfter: authority.certificate.notAfter.toISOString(),
                  development: (await context.settings(tx)).authority === undefined,
                };
              }),
          ),
        ),
      },
      web: { root: join(import.meta.dirname, '..') },
      ui: (['network', 'station'] as const).map((slot) => ({
        ...{ host: 'console', slot, path: 'certificates', module: 'certificates.js' },
        title: { en: 'Certificates', sv: 'Certifikat' },
      })),
    };
  },
});
