import { z } from 'zod';

const name = z.string().min(1).max(48);
const whole = z.int();
const seconds = z.number().positive();
const car = z.strictObject({
  batteryWh: z.number().positive().optional(),
  soc: z.number().min(0).max(1).optional().describe('State of charge when it is plugged in'),
  maxPowerW: z.number().positive().optional(),
  phases: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
  iso15118: z
    .strictObject({
      part: z.union([z.literal(2), z.literal(20)]).optional(),
      leavesInMinutes: z.number().positive().optional(),
      energyWh: z.number().positive().optional(),
      bidirectional: z.boolean().optional(),
      contract: z
        .strictObject({
          emaid: z.string().min(14).max(36),
          chain: z.string().optional().describe('PEM, the contract first; made up when not given'),
          asks: z.enum(['Install', 'Update']).optional().describe('It has the station fetch its certificate'),
        })
        .optional()
        .describe('It identifies itself: plug and charge'),
    })
    .optional()
    .describe('It tells what it needs (OCPP 2.x)'),
});

const station = z.strictObject({
  identity: name,
  protocol: z.enum(['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1']).optional().describe('Version of OCPP; 1.6 when not given'),
  make: z.string().optional().describe('A personality: pnpm sim --profile list'),
  password: z.string().optional(),
  connectors: whole.min(1).max(100).optional(),
  maxPowerW: z.number().positive().optional(),
  meterStartWh: whole.min(0).optional(),
  vendor: z.string().optional(),
  model: z.string().optional(),
  firmware: z.string().optional(),
  configuration: z.record(z.string(), z.string()).optional(),
  resendWith: z.enum(['same-id', 'new-id']).optional(),
  afterPowerLoss: z.enum(['stop', 'resume']).optional(),
  carOnRemoteStart: car.optional(),
  callTimeoutSeconds: seconds.optional(),
});

/** Which station a step is about; the only one when there is one. */
const of = { station: name.optional(), note: z.string().optional().describe('Said while the step runs') };
const at = { ...of, connector: whole.min(1).optional() };
const within = { within: seconds.optional().describe('Longest wait, in seconds of the world') };
const step = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.strictObject({ do: z.literal(kind), ...shape });

const events = [
  'connected',
  'plugged',
  'unplugged',
  'limited',
  'hurried',
  'disconnected',
  'refused',
  'booted',
  'status',
  'authorized',
  'started',
  'startAnswered',
  'metered',
  'cost',
  'stopped',
  'stopAnswered',
  'told',
  'discarded',
  'command',
] as const;
const range = z.strictObject({ least: z.number().optional(), most: z.number().optional() });
const where = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), range]));

const steps = z.discriminatedUnion('do', [
  step('start', { ...of, ...within }),
  step('plugIn', { ...at, car: car.optional() }),
  step('unplug', at),
  step('present', { ...at, token: name, gives: z.string().optional().describe('The answer that is expected') }),
  step('begin', { ...at, token: name }),
  step('charge', {
    ...at,
    token: name,
    car: car.optional(),
    wh: whole.positive().optional(),
    seconds: seconds.optional(),
    ...within,
  }),
  step('stop', {
    ...at,
    reason: z.string().optional(),
    transactionId: z.union([whole, z.null()]).optional().describe('Claimed in place of the real one'),
    twice: z.boolean().optional(),
    withheld: z.boolean().optional(),
  }),
  step('wait', {
    ...of,
    for: z.enum(events),
    where: where.optional().describe('Members that the event has'),
    count: whole.min(1).optional(),
    ...within,
  }),
  step('settle', { ...of, ...within }),
  step('send', {
    ...of,
    action: name,
    payload: z.record(z.string(), z.unknown()),
    gives: z.record(z.string(), z.unknown()).optional(),
  }),
  step('sendText', { ...of, text: z.string() }),
  step('securityEvent', { ...of, type: z.string(), about: z.string().optional() }),
  step('requestCertificate', of),
  step('cutLine', of),
  step('offline', of),
  step('online', of),
  step('powerOff', of),
  step('powerOn', of),
  step('halfOpen', of),
  step('clockLost', of),
  step('limitFromOutside', {
    ...at,
    watts: z.number().min(0).optional().describe('None: it does no longer'),
    source: z.enum(['EMS', 'SO', 'CSO', 'Other']).optional().describe('EMS when not given'),
    gridCritical: z.boolean().optional(),
    localGeneration: z.boolean().optional().describe('No limit, but what the site gives on top (OCPP 2.1)'),
  }),
  step('hurry', { ...at, on: z.boolean() }),
  step('breakInstall', of),
  step('loseAnswer', { ...of, action: name }),
  step('reuseIds', { ...of, on: z.boolean() }),
  step('breakDown', { ...at, errorCode: z.string().optional().describe('None repairs it') }),
  step('expect', {
    ...of,
    transactions: whole.min(0).optional(),
    delivered: z.boolean().optional().describe('Whether every message of its transactions is acknowledged'),
    undelivered: whole.min(0).optional(),
    energyWh: range.optional().describe('Of all its transactions together'),
    reason: z.string().optional().describe('Of its last transaction'),
    startStatus: z.string().optional().describe('What the CSMS said of the token of its last transaction'),
    firmware: z.string().optional(),
    localListVersion: whole.optional(),
    cost: z
      .strictObject({
        least: z.number().optional(),
        most: z.number().optional(),
        final: z.boolean().optional().describe('Whether it was said after the end'),
      })
      .optional()
      .describe('What the display shows for its last transaction, as the CSMS said it (OCPP 2.x)'),
    reckoned: z
      .strictObject({
        least: z.number().optional(),
        most: z.number().optional(),
        currency: z.string().optional(),
        final: z.boolean().optional().describe('Whether it was reckoned at the end'),
      })
      .optional()
      .describe('What the station itself reckons for its last transaction by its tariff, tax included (OCPP 2.1)'),
    tariff: z.string().optional().describe('Id of the tariff of its last transaction (OCPP 2.1)'),
  }),
]);

/** A story of stations, step by step. */
export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1),
  seed: whole.min(0).optional(),
  speed: z.number().min(1).optional().describe('Station time against the world’s'),
  behindSeconds: z.number().min(0).optional().describe('How far in the past the clocks start'),
  within: seconds.optional().describe('Longest wait of a step that does not say it; 30'),
  stations: z.array(station).min(1).max(100),
  steps: z.array(steps).min(1),
});

export type Scenario = z.infer<typeof scenarioSchema>;
export type Step = Scenario['steps'][number];
export type ScenarioStation = Scenario['stations'][number];
/** Names that a step may have. */
export const stepNames: readonly string[] = steps.options.map((one) => String(one.shape.do.value));
/** The format as a JSON Schema, for editors. */
export const formatOf = (): unknown => z.toJSONSchema(scenarioSchema, { io: 'input' });
