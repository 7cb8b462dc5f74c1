import type { MigrationStep } from '@plugga/kit';
import { dryRun } from './dry-run.ts';
import { splitSql, withoutBodies } from './split-sql.ts';

/** What in a migration would harm the version that still runs. */
export interface Finding {
  readonly rule: string;
  /** The table, where one is named. */
  readonly table: string | undefined;
  readonly statement: string;
  readonly why: string;
  /** The reason that the migration gives for doing it all the same. */
  readonly excused: string | undefined;
}

export interface Looked {
  readonly statements: readonly string[];
  readonly findings: readonly Finding[];
  /** Tables that were there before and that it touches. */
  readonly tables: readonly string[];
  /** Why not all of its statements could be shown without running it. */
  readonly cut: string | undefined;
}

interface Rule {
  readonly name: string;
  readonly fits: RegExp;
  readonly unless?: RegExp;
  readonly why: string;
}

/** A name, with its schema or without. */
const name = String.raw`((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)`;
const alter = String.raw`^alter table (?:if exists )?(?:only )?${name} (?:.*,)?\s*`;
const rule = (it: Omit<Rule, 'fits'> & { readonly fits: string }): Rule => ({ ...it, fits: new RegExp(it.fits, 'is') });

/** Safe while the version before runs: expand first, contract in a later release. */
const rules: readonly Rule[] = [
  rule({
    name: 'index',
    fits: String.raw`^create (?:unique )?index (?!concurrently)(?:.*? )?on (?:only )?${name}`,
    why: 'blocks every write to the table until it is built: `create index concurrently if not exists`, in a migration with `apart`',
  }),
  rule({
    name: 'reindex',
    fits: String.raw`^(?:reindex|cluster|vacuum \(?full\)?|refresh materialized view)\b(?!.*\bconcurrently\b).*?${name}$`,
    why: 'holds the table while it is written anew',
  }),
  rule({
    name: 'type',
    fits: `${alter}alter (?:column )?\\S+ (?:set data )?type\\b`,
    why: 'writes the table anew under a lock that stops everybody, and the version before still writes the old type: add a column, fill it, change over in a later release',
  }),
  rule({
    name: 'filled-column',
    fits: `${alter}add (?:column )?(?:if not exists )?(?!constraint\\b|check\\b|unique\\b|primary\\b|foreign\\b|exclude\\b)\\S+ .*\\b(?:generated\\b|(?:big|small)?serial\\b|default (?:gen_random_uuid|random|clock_timestamp|nextval|uuidv\\d|timeofday)\\b)`,
    why: 'writes every row under a lock that stops everybody: add it empty and fill it in batches',
  }),
  rule({
    name: 'required-column',
    fits: `${alter}add (?:column )?(?:if not exists )?(?!constraint\\b|check\\b|unique\\b|primary\\b|foreign\\b|exclude\\b)\\S+ [^,]*\\bnot null\\b`,
    unless: /\bdefault\b/i,
    why: 'the version before inserts rows without it: give it a default, or let it be null',
  }),
  rule({
    name: 'not-null',
    fits: `${alter}alter (?:column )?\\S+ set not null\\b`,
    why: 'reads the whole table under a lock, and the version before may still write null: `add constraint … check (… is not null) not valid`, `validate constraint`, in a later release',
  }),
  rule({
    name: 'constraint',
    fits: `${alter}add (?:constraint \\S+ )?(?:check|foreign key|exclude|unique|primary key)\\b`,
    unless: /\bnot valid\b|\busing index\b/i,
    why: 'reads the whole table under a lock, and refuses what the version before writes: `not valid` first and `validate constraint` later; a unique one `using index`',
  }),
  rule({
    name: 'gone',
    fits: String.raw`^drop (?:table|view|materialized view|schema|function|procedure|type|domain|sequence|policy|trigger)\s+(?:if exists )?${name}`,
    why: 'the version before still uses it: take it away in a later release than the one that stopped using it',
  }),
  rule({
    name: 'gone',
    fits: `${alter}(?:drop\\b|rename\\b|set schema\\b|disable row level security\\b|no force row level security\\b|detach\\b)`,
    why: 'the version before still uses it: take it away in a later release than the one that stopped using it',
  }),
  rule({
    name: 'gone',
    fits: String.raw`^alter (?:view|materialized view|schema|function|type|domain|index|sequence|policy) (?:if exists )?${name}.*\b(?:rename|drop|set schema)\b`,
    why: 'the version before still uses the old name: take it away in a later release than the one that stopped using it',
  }),
  rule({
    name: 'index-gone',
    fits: String.raw`^drop index (?!concurrently)(?:if exists )?${name}`,
    why: 'stops everybody who reads the table, and what the version before finds by it becomes slow: `drop index concurrently if exists`, in a migration with `apart`, in a later release',
  }),
  rule({
    name: 'rights-gone',
    fits: String.raw`^revoke .* on (?:table )?${name} from .*`,
    unless: /\bon (?:function|procedure|schema)\b|from public$/i,
    why: 'the version before still uses the right',
  }),
  rule({
    name: 'rows',
    fits: String.raw`^(?:update|delete from|truncate(?: table)?) (?:only )?${name}`,
    why: 'changes many rows in one transaction, which holds them and bloats the table: do it in bounded batches after the start',
  }),
  rule({
    name: 'lock',
    fits: String.raw`^lock (?:table )?(?:only )?${name}`,
    why: 'stops the version that runs',
  }),
];

const made = new RegExp(
  String.raw`^create (?:unlogged |temp |temporary )?(?:table|view|materialized view|sequence) (?:if not exists )?${name}`,
  'is',
);
const touched = new RegExp(
  String.raw`^(?:alter table (?:if exists )?(?:only )?|create (?:unique )?index (?:.*? )?on (?:only )?|update (?:only )?|delete from (?:only )?|create trigger .*? on |truncate (?:table )?|drop table (?:if exists )?|lock (?:table )?)${name}`,
  'is',
);
const plain = (table: string | undefined): string | undefined => table?.replaceAll('"', '').toLowerCase();

/** Looks at what a migration would do, without a database. */
export const lookAt = async (step: MigrationStep & { readonly apart?: boolean }): Promise<Looked> => {
  const { texts, error } = await dryRun((db) => step.up(db));
  const statements = texts.flatMap(splitSql);
  // On what it makes itself nobody waits, and nobody reads it yet.
  const fresh = new Set(statements.flatMap((it) => plain(made.exec(it)?.[1]) ?? []));
  const findings = statements.map(withoutBodies).flatMap((statement): Finding[] => [
    ...rules.flatMap(({ name: ruleName, fits, unless, why }) => {
      const found = fits.exec(statement);
      const table = plain(found?.[1]);
      if (found === null || unless?.test(statement) === true || (table !== undefined && fresh.has(table))) return [];
      return [{ rule: ruleName, table, statement, why, excused: step.excused?.[ruleName] }];
    }),
    ...apartness(statement, step),
  ]);
  return {
    statements,
    findings: findings.map((it) =>
      it.rule === 'gone' && step.oldest !== undefined ? contracted(it, step.oldest) : it,
    ),
    tables: [...new Set(statements.flatMap((it) => plain(touched.exec(it)?.[1]) ?? []))].filter((it) => !fresh.has(it)),
    cut: error === undefined ? undefined : String(error),
  };
};

/** Said by the migration itself: programs that are older than that are refused. */
const contracted = (finding: Finding, oldest: string): Finding => ({
  ...finding,
  excused: finding.excused ?? `programs that do not know ${oldest} are refused`,
});

const apartness = (statement: string, { apart = false }: { readonly apart?: boolean }): Finding[] => {
  const finding = (why: string): Finding[] => [{ rule: 'apart', table: undefined, statement, why, excused: undefined }];
  const concurrent = /^(?:create (?:unique )?index|drop index|reindex .*?) concurrently\b/i.test(statement);
  if (concurrent && !apart) return finding('PostgreSQL refuses it in a transaction: the migration must say `apart`');
  if (!apart || concurrent || /^(?:set|reset|select)\b/i.test(statement)) {
    return concurrent && !/\bif (?:not )?exists\b/i.test(statement) && !/^reindex/i.test(statement)
      ? finding('a migration that is apart may be run twice: `if not exists`, `if exists`')
      : [];
  }
  return finding('what is no `concurrently` belongs in a migration with a transaction, so that it cannot be half done');
};
