import { exitCodes, type Command } from './command.ts';
import { optionsOf } from './options.ts';
import { schemasOf, type Schema, withOwner } from './schemas.ts';
import { tableOf } from './table.ts';

export const migrateStatus: Command = {
  usage: 'plugga migrate status',
  summary:
    'Lists the migrations of core and plugins; ends with 5 if some are pending or of a newer version, 4 if too new',
  async run(invocation) {
    const { args, json, out, err } = invocation;
    optionsOf(args, {});
    const { plugins } = await invocation.deployment();
    const schemas = await withOwner(invocation, (owner) => schemasOf(owner, plugins));
    const rows = schemas.flatMap(linesOf);
    out(json ? JSON.stringify(rows) : tableOf(rows, ['schema', 'migration', 'state', 'appliedAt']));
    for (const { of, unknown, refused } of schemas) {
      if (refused !== undefined) err(`${of}: ${refused}`);
      else if (unknown.length > 0)
        err(
          `${of}: a newer version has migrated this schema. This program runs on it: nothing was taken away that it uses`,
        );
    }
    if (schemas.some(({ refused }) => refused !== undefined)) return exitCodes.refused;
    return rows.every(({ state }) => state === 'applied') ? exitCodes.done : exitCodes.differs;
  },
};

const linesOf = ({ of, applied, pending, unknown }: Schema) =>
  [
    ...applied.map(({ name, at }) => ({
      schema: of,
      migration: name,
      state: unknown.some((it) => it.name === name) ? 'newer' : 'applied',
      appliedAt: at.toISOString(),
    })),
    ...pending.map((name) => ({ schema: of, migration: name, state: 'pending', appliedAt: null })),
  ].toSorted((a, b) => (a.migration < b.migration ? -1 : 1));
