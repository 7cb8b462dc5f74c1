import { definePlugin, type Questions, secret, tables, type TenantId, z } from '@plugga/kit';
import { judgeContract, statesOf } from './judge.ts';
import { migrations, type RootTables } from './migrations.ts';
import { revocations } from './revocation.ts';
import { rootRoutes, trustedOf } from './roots.ts';
import { contractFrom } from './service.ts';

const settings = z.strictObject({
  /** Where a vehicle's request for a contract certificate goes. */
  service: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: 'a URL such as https://contracts.example.com/certificates' }),
      authorization: secret(z.string().min(1).max(4_000)).optional(),
    })
    .optional(),
  /** Whether a contract is good of which nobody can be reached who would say that it is revoked. */
  acceptUnchecked: z.boolean().default(false),
});

/** Lets vehicles charge by their own contract: judges it by the roots that the operator trusts, and has it fetched. */
export const plugAndCharge = definePlugin({
  name: 'plug-and-charge',
  settings,
  tables: tables<RootTables>(),
  migrations,
  setup: (context) => {
    const { clock, log, outside, transaction } = context;
    const asked = revocations(context);

    const judge = async (tenant: TenantId, ask: Questions['certificateStatus']['ask'], signal: AbortSignal) => {
      const { contractRoots, others, acceptUnchecked } = await transaction(tenant, async (tx) => ({
        contractRoots: await trustedOf(context, tx, ['mo', 'v2g']),
        others: await trustedOf(context, tx, ['oem']),
        acceptUnchecked: (await context.settings(tx)).acceptUnchecked,
      }));
      const roots = [...contractRoots, ...others];
      const measure = { contractRoots, roots, acceptUnchecked, now: clock.now(), revocations: asked, signal };
      const { emaid } = ask;
      if (emaid === undefined) return { certificates: await statesOf(ask.certificates, measure) };
      const { contract, reason, states } = await judgeContract({ ...ask, emaid }, measure);
      if (reason !== undefined) log.info('contract refused', { station: ask.station, contract, reason });
      return { certificates: states, contract };
    };

    return {
      answers: {
        certificateStatus: (ask, { tenant, signal }) => judge(tenant, ask, signal),
        contractCertificate: async (ask, { tenant, signal }) => {
          const { service } = await transaction(tenant, (tx) => context.settings(tx));
          return service === undefined ? undefined : contractFrom(service, ask, { outside, log, signal });
        },
      },
      routes: { '/contract-roots': rootRoutes(context) },
    };
  },
});
