import { type Command, malformed, record, type Reply, status, text, whole } from '../../ocpp16/command.ts';
import { deviceModel, type Modelled, reported } from '../device-model.ts';
import { type Context, connectorsOf } from './context.ts';

type Given = Readonly<Record<string, unknown>>;

const itemsOf = (value: unknown): readonly Given[] =>
  (Array.isArray(value) ? value : []).map(record).filter((one) => one !== undefined);
const same = (a: unknown, b: unknown): boolean => String(a ?? '').toLowerCase() === String(b ?? '').toLowerCase();
/** Whether the component of a request is that one; an instance or EVSE that it does not name does not matter to a report. */
const isComponent = (wanted: Given | undefined, { component }: Modelled): boolean => {
  const evse = record(wanted?.['evse']);
  return (
    same(wanted?.['name'], component.name) &&
    (evse === undefined ||
      (evse['id'] === component.evse?.id &&
        (evse['connectorId'] === undefined || evse['connectorId'] === component.evse?.connectorId)))
  );
};

/** Whether a request for a report means that variable; a name that it leaves out does not matter. */
export const isNamed = (item: Given, one: Modelled): boolean => {
  const variable = record(item['variable']);
  return (
    isComponent(record(item['component']), one) &&
    (variable === undefined ||
      (same(variable['name'], one.variable.name) &&
        (variable['instance'] === undefined || same(variable['instance'], one.variable.instance))))
  );
};

/** The variable that a request names, or why there is none. */
export type Look = (item: Given) => { readonly found?: Modelled; readonly why: string };

/** Block B: variables, reports and restarts. */
export const provisioning = (
  context: Context,
  slots: { readonly restarting: () => void; readonly allows: (key: string, value: string) => boolean },
): {
  readonly commands: Readonly<Record<string, Command>>;
  readonly lookUp: Look;
  readonly model: readonly Modelled[];
} => {
  const { hands, beside, options, speech } = context;
  const { configuration } = hands;
  const model = deviceModel({
    settings: configuration,
    connectors: hands.connectors,
    speech,
    vendor: hands.vendor,
    maxPowerW: options.maxPowerW ?? 11_000,
  });
  const lookUp: Look = (item) => {
    const [component, variable] = [record(item['component']), record(item['variable'])];
    const here = model.filter(
      (one) =>
        isComponent(component, one) && (one.component.evse === undefined) === (component?.['evse'] === undefined),
    );
    if (here.length === 0) return { why: 'UnknownComponent' };
    const found = here.find(
      (one) => same(variable?.['name'], one.variable.name) && same(variable?.['instance'], one.variable.instance),
    );
    return found === undefined ? { why: 'UnknownVariable' } : { found, why: '' };
  };

  const getVariable = (item: Given): Given => {
    const { component, variable, attributeType = 'Actual' } = item;
    const said = { component, variable, attributeType };
    const { found, why } = lookUp(item);
    if (found === undefined) return { ...said, attributeStatus: why };
    const { minLimit, maxLimit } = found;
    const limit = attributeType === 'MaxSet' ? maxLimit : attributeType === 'MinSet' ? minLimit : undefined;
    if (attributeType === 'Target' && found.target !== undefined)
      return { ...said, attributeStatus: 'Accepted', attributeValue: found.target() };
    if (attributeType !== 'Actual') {
      return limit === undefined
        ? { ...said, attributeStatus: 'NotSupportedAttributeType' }
        : { ...said, attributeStatus: 'Accepted', attributeValue: String(limit) };
    }
    if (found.mutability === 'WriteOnly') return { ...said, attributeStatus: 'Rejected' };
    return { ...said, attributeStatus: 'Accepted', attributeValue: found.read() };
  };
  const changes: string[] = [];
  const setVariable = (item: Given): Given => {
    const { component, variable, attributeType = 'Actual' } = item;
    const said = { component, variable, attributeType };
    const { found, why } = lookUp(item);
    if (found === undefined) return { ...said, attributeStatus: why };
    if (attributeType !== 'Actual') return { ...said, attributeStatus: 'NotSupportedAttributeType' };
    if (found.key === undefined || found.mutability === 'ReadOnly') return { ...said, attributeStatus: 'Rejected' };
    const value = String(item['attributeValue'] ?? '');
    const answer = slots.allows(found.key, value) ? configuration.change(found.key, value) : 'Rejected';
    if (answer === 'Accepted') changes.push(found.key);
    return { ...said, attributeStatus: answer === 'NotSupported' ? 'UnknownVariable' : answer };
  };
  /** What is asked for, in parts of ItemsPerMessage. */
  const report = async (requestId: number, all: readonly Modelled[]): Promise<void> => {
    const size = Math.max(1, configuration.number('DeviceDataCtrlr.ItemsPerMessage(GetReport)'));
    for (let from = 0, seqNo = 0; from < all.length; from += size, seqNo += 1) {
      const answer = await beside.call('NotifyReport', {
        requestId,
        generatedAt: hands.stamp(hands.now()),
        seqNo,
        ...(from + size < all.length ? { tbc: true } : {}),
        reportData: all.slice(from, from + size).map(reported),
      });
      if (answer.kind === 'gone') return;
    }
  };
  const told = (requestId: number, all: readonly Modelled[]): Reply =>
    all.length === 0 ? status('EmptyResultSet') : status('Accepted', () => void report(requestId, all));

  const restart = (kind: 'Soft' | 'Hard'): void => {
    slots.restarting();
    hands.restart(kind);
  };
  const commands: Readonly<Record<string, Command>> = {
    GetBaseReport(payload) {
      const requestId = whole(payload['requestId']);
      const base = text(payload['reportBase']);
      if (requestId === undefined || base === undefined) return malformed('requestId or reportBase is missing');
      const settable = model.filter((one) => one.mutability !== 'ReadOnly');
      if (base === 'ConfigurationInventory') return told(requestId, settable);
      if (base === 'FullInventory') return told(requestId, model);
      if (base === 'SummaryInventory')
        return told(
          requestId,
          model.filter((one) => one.variable.name === 'AvailabilityState' || one.variable.name === 'Available'),
        );
      return status('NotSupported');
    },
    GetReport(payload) {
      const requestId = whole(payload['requestId']);
      if (requestId === undefined) return malformed('requestId is missing');
      const wanted = itemsOf(payload['componentVariable']);
      const criteria = payload['componentCriteria'];
      // Nothing here is a problem, and everything is there and switched on.
      if (Array.isArray(criteria) && criteria.length > 0 && criteria.every((one) => one === 'Problem'))
        return status('EmptyResultSet');
      const chosen = model.filter((one) => wanted.length === 0 || wanted.some((item) => isNamed(item, one)));
      return told(requestId, chosen);
    },
    GetVariables(payload) {
      const items = itemsOf(payload['getVariableData']);
      if (items.length === 0) return malformed('getVariableData is empty');
      if (items.length > configuration.number('DeviceDataCtrlr.ItemsPerMessage(GetVariables)'))
        return { error: 'OccurrenceConstraintViolation', why: `${items.length} variables are too many at once` };
      return { result: { getVariableResult: items.map(getVariable) } };
    },
    SetVariables(payload) {
      const items = itemsOf(payload['setVariableData']);
      if (items.length === 0) return malformed('setVariableData is empty');
      if (items.length > configuration.number('DeviceDataCtrlr.ItemsPerMessage(SetVariables)'))
        return { error: 'OccurrenceConstraintViolation', why: `${items.length} variables are too many at once` };
      return {
        result: { setVariableResult: items.map(setVariable) },
        after() {
          for (const key of changes.splice(0)) {
            hands.configured(key === 'SecurityCtrlr.BasicAuthPassword' ? 'AuthorizationKey' : key);
          }
        },
      };
    },
    Reset(payload) {
      const kind = payload['type'];
      const now = kind === 'Immediate' || (kind === 'ImmediateAndResume' && context.protocol === 'ocpp2.1');
      if (!now && kind !== 'OnIdle') return malformed(`type "${String(kind)}" is unknown`);
      const evseId = whole(payload['evseId']);
      const chosen = connectorsOf(hands, evseId === undefined ? undefined : { id: evseId });
      if (chosen.length === 0) return status('Rejected');
      const busy = chosen.some((one) => one.running !== undefined);
      if (evseId !== undefined) {
        for (const one of now ? chosen : []) if (one.running !== undefined) hands.stop(one, 'HardReset');
        return status(busy && !now ? 'Scheduled' : 'Accepted');
      }
      if (now || !busy) return status('Accepted', () => restart('Hard'));
      return status('Scheduled', () => hands.whenIdle(() => restart('Soft')));
    },
  };
  return { commands, lookUp, model };
};
