import { z } from '@plugga/kit';

/**
 * A backup file: a line that names the format, a gzip stream of frames (./frames.ts), and the SHA-256 of all before it.
 * Whatever is cut off, added or changed, the last 32 bytes no longer fit.
 */
export const formatVersion = 1;
export const magicOf = (version: number): string => `PLUGGA-BACKUP ${version}\n`;
export const digestBytes = 32;

const names = z.array(z.string());
const table = z.object({ schema: z.string(), name: z.string() });
const partition = table.extend({
  of: z.string(),
  bound: z.string(),
  guarded: z.boolean(),
  granted: names,
});

/** The first frame: what must be known before anything is put anywhere. */
export const headerSchema = z.object({
  id: z.string(),
  /** Of the program that made it. */
  version: z.string(),
  server: z.string(),
  at: z.string(),
  /** A fingerprint of the installation's secret: the same after a restore. */
  installation: z.string().nullable(),
  /** The newest event in it. */
  position: z.string(),
  frames: z.boolean(),
  migrations: z.object({
    core: names,
    /** Of each plugin's schema. */
    plugins: z.record(z.string(), names),
    /** pg-boss counts its own. */
    work: z.number().nullable(),
  }),
  partitions: z.array(partition),
  sequences: z.array(table.extend({ last: z.string().nullable() })),
});
export type Header = z.output<typeof headerSchema>;
export type Partition = z.output<typeof partition>;

/** A table's rows, or a file of the journal. */
export const partSchema = z.discriminatedUnion('kind', [
  table.extend({ kind: z.literal('table'), columns: z.array(z.object({ name: z.string(), type: z.string() })) }),
  z.object({ kind: z.literal('journal'), name: z.string().regex(/^[\w.-]+$/) }),
]);
export type Part = z.output<typeof partSchema>;
export type TablePart = Extract<Part, { kind: 'table' }>;

export const countSchema = z.object({ rows: z.number(), bytes: z.number(), digest: z.string() });
export const trailerSchema = z.object({ parts: z.number(), rows: z.number(), bytes: z.number() });
