import { createHash } from 'node:crypto';
import { type Finding, lookAt, migrations } from '@plugga/core/database';
import type { MigrationStep } from '@plugga/kit';
import deployment from '../../plugga.config.ts';

/** A migration of the core or of a plugin of the default deployment, as it would run. */
export interface Looked {
  /** `core 0004-event-log` */
  readonly name: string;
  /** Of its statements as they are sent: comments, names of variables and the shape of the file may change. */
  readonly digest: string;
  readonly findings: readonly Finding[];
  readonly cut: string | undefined;
}

export const allMigrations = async (): Promise<readonly Looked[]> => {
  const steps: [string, MigrationStep][] = Object.entries(migrations).map(([name, step]) => [`core ${name}`, step]);
  for (const listed of deployment.plugins) {
    const plugin = 'plugin' in listed ? listed.plugin : listed;
    for (const [name, it] of Object.entries(plugin.migrations ?? {}))
      steps.push([`${plugin.name} ${name}`, typeof it === 'function' ? { up: it } : it]);
  }
  return Promise.all(
    steps.map(async ([name, step]) => {
      const { statements, findings, cut } = await lookAt(step);
      const digest = createHash('sha256').update(statements.join(';\n')).digest('hex').slice(0, 32);
      return { name, digest, findings, cut };
    }),
  );
};
