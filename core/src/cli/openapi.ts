import { fail } from '@plugga/kit';
import { exitCodes, type Command } from './command.ts';
import { optionsOf } from './options.ts';

export const openApi: Command = {
  usage: 'plugga openapi',
  summary: "The OpenAPI document of the operator API with this deployment's plugins, without a platform",
  async run(invocation) {
    optionsOf(invocation.args, {});
    const { withHost } = await import('./host.ts');
    const { createApp } = await import('../http/app.ts');
    const { version } = await import('../version.ts');
    const text = await withHost(invocation, async (host, parts) => {
      await host.setUp();
      const unreachable = (): never => {
        throw fail('unavailable', 'no platform runs: only its document is read');
      };
      const app = createApp({
        ...parts,
        installation: {
          id: '',
          homeTenant: '' as never,
          secret: Buffer.alloc(0),
          hmac: unreachable,
          adminKeyHash: undefined,
          newAdminKey: undefined,
        },
        adminKey: undefined,
        live: {
          call: unreachable,
          command: unreachable,
          stationChanged: unreachable,
          placesChanged: unreachable,
          tokensChanged: unreachable,
          teach: unreachable,
          replay: unreachable,
        },
        dialects: { adapters: [], quirks: [] },
        plugins: { ...host, release: unreachable },
        version,
        publicUrl: () => '/',
        readiness: unreachable,
        metrics: unreachable,
        onAppended: unreachable,
      });
      return (await app.request('/openapi.json')).json();
    });
    invocation.out(JSON.stringify(text, null, 2));
    return exitCodes.done;
  },
};
