import {
  type Clock,
  type CommandId,
  type CommandName,
  type Commands,
  type CommandTable,
  type Context,
  type CoreViews,
  type EventDef,
  fail,
  type Instant,
  type Log,
  type Outside,
  type PortMap,
  type Random,
  type SchemaMap,
  type StationId,
  type Subject,
  type TenantId,
  type Tx,
  z,
} from '@plugga/kit';
import type { Kysely } from 'kysely';
import { schemaOf } from './configure.ts';
import { installation, type Scope, token, wire } from './container.ts';
import type { CommandQueue, Transactions } from './face.ts';
import { within } from './scope.ts';
import type { Settings } from './settings.ts';
import type { Work } from './work.ts';

type AnyContext = Context<unknown, unknown, PortMap, SchemaMap, Record<never, never>>;

/** What the installation gives to the context of every plugin. */
export interface Given {
  readonly transactions: Transactions;
  readonly commands: CommandQueue;
  readonly work: () => Work;
  readonly clock: Clock;
  readonly random: Random;
  readonly outside: Outside;
  readonly publicUrl: string;
}

/** What is a plugin's own. */
export interface Own {
  readonly name: string;
  readonly config: unknown;
  readonly needs: Readonly<Record<string, unknown>>;
  readonly log: Log;
  readonly settings: Settings;
  /** Types that it has declared. */
  readonly events: readonly string[];
}

const given = token<Given>('given');
const own = token<Own>('own');
const commands = token<Commands>('commands');
const context = token<AnyContext>('context');

/** Commands in the plugin's name. */
class PluginCommands implements Commands {
  readonly #queue: CommandQueue;
  readonly #actor: string;
  constructor({ commands }: Given, { name }: Own) {
    this.#queue = commands;
    this.#actor = `plugin:${name}`;
  }
  send = <K extends CommandName>(tx: Tx, station: StationId, name: K, command: CommandTable[K]): Promise<CommandId> =>
    this.#queue.send(tx, this.#actor, station, name, command);
}

/** All that a plugin has of the platform. Its members are taken apart by plugins, so each stands alone. */
class PluginContext implements AnyContext {
  readonly config: unknown;
  readonly needs: AnyContext['needs'];
  readonly commands: Commands;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  readonly outside: Outside;
  readonly publicUrl: string;
  readonly #given: Given;
  readonly #own: Own;
  /** Of each connection: else every query would make its own. */
  readonly #inSchema = new WeakMap<object, Kysely<CoreViews>>();

  constructor(given: Given, own: Own, commands: Commands) {
    this.#given = given;
    this.#own = own;
    this.config = own.config;
    this.needs = own.needs as AnyContext['needs'];
    this.commands = commands;
    this.log = own.log;
    this.clock = given.clock;
    this.random = given.random;
    this.outside = given.outside;
    this.publicUrl = given.publicUrl;
  }

  settings = (tx: Tx): Promise<unknown> => this.#own.settings.read(tx);

  // Only tables that are not qualified get the schema: `core.session` stays the view of the core.
  db = (tx: Tx): Kysely<CoreViews> => {
    const plain = this.#given.transactions.kyselyOf(tx);
    const known = this.#inSchema.get(plain);
    if (known !== undefined) return known;
    const made = plain.withSchema(schemaOf(this.#own.name)) as unknown as Kysely<CoreViews>;
    this.#inSchema.set(plain, made);
    return made;
  };

  transaction = <T>(tenant: TenantId, run: (tx: Tx) => Promise<T>): Promise<T> =>
    this.#given.transactions.run(tenant, { plugin: this.#own.name }, (tx) => within(this.#own.name, () => run(tx)));

  emit = async (tx: Tx, def: EventDef, subject: Subject, data: unknown): Promise<void> => {
    const { type, v } = def;
    const { name, events } = this.#own;
    if (!events.includes(type))
      throw fail('plugin-invalid', `"${name}" emits ${type} and does not declare it: name it in \`events\``);
    this.#given.transactions.emit(tx, {
      plugin: name,
      type,
      v,
      subject,
      data: z.encode(def.data, data as never),
    });
  };

  enqueue = (tx: Tx, work: string, payload: unknown, options?: { key?: string; after?: Instant }): Promise<void> =>
    this.#given.work().enqueue(tx, this.#own.name, work, payload, options);
}

wire(PluginCommands, given, own);
wire(PluginContext, given, own, commands);

/** The room of the installation; each plugin gets one of its own inside it. */
export const installationOf = (what: Given): Scope =>
  // Only values here: what this room made once would keep a plugin's own for all.
  installation().value(given, what);

export const contextOf = (room: Scope, what: Own): AnyContext =>
  room.room().value(own, what).scoped(commands, PluginCommands).scoped(context, PluginContext).get(context);
