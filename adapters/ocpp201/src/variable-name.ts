import { isMembers, variableOfKey } from '@plugga/wire';

export type AttributeType = 'Actual' | 'Target' | 'MinSet' | 'MaxSet';

export interface Component {
  readonly name: string;
  readonly instance?: string;
  readonly evse?: { readonly id: number; readonly connectorId?: number };
}
export interface ComponentVariable {
  readonly component: Component;
  readonly variable: { readonly name: string; readonly instance?: string };
}
export type Attribute = ComponentVariable & { readonly attributeType?: AttributeType };

const escaped = (text: string, what: RegExp): string =>
  text.replace(what, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
const unescaped = (text: string): string =>
  text.replace(/%(25|2F|2E|40|23)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

const part = ({ name, instance }: { readonly name: string; readonly instance?: string }): string =>
  `${escaped(name, /[%/.@#]/g)}${instance === undefined || instance === '' ? '' : `.${escaped(instance, /[%/@#]/g)}`}`;

/** `Component[.instance]/Variable[.instance][@evse[.connector]][#Target|#MinSet|#MaxSet]`; in parts `% / @ #` are written as %25 and so on, in names `.` too. */
export const nameOf = ({ component, variable, attributeType = 'Actual' }: Attribute): string => {
  const { evse } = component;
  const connector = evse?.connectorId === undefined ? '' : `.${evse.connectorId}`;
  const where = evse === undefined ? '' : `@${evse.id}${connector}`;
  return `${part(component)}/${part(variable)}${where}${attributeType === 'Actual' ? '' : `#${attributeType}`}`;
};

const COMPONENT = String.raw`([^./@#]{1,150})(?:\.([^/@#]{1,150}))?`;
const WHERE = String.raw`(?:@(\d{1,9})(?:\.(\d{1,9}))?)?`;
const NAME = new RegExp(
  String.raw`^${COMPONENT}/([^./@#]{1,150})(?:\.([^/@#]{1,150}))?${WHERE}(?:#(Actual|Target|MinSet|MaxSet))?$`,
);
const COMPONENT_ALONE = new RegExp(`^${COMPONENT}${WHERE}$`);

const named = (name: string, instance: string | undefined) => ({
  name: unescaped(name),
  ...(instance === undefined ? {} : { instance: unescaped(instance) }),
});
const placed = (evse: string | undefined, connector: string | undefined) =>
  evse === undefined
    ? {}
    : { evse: { id: Number(evse), ...(connector === undefined ? {} : { connectorId: Number(connector) }) } };
const fits = (it: { readonly name: string; readonly instance?: string }): boolean =>
  it.name.length <= 50 && (it.instance?.length ?? 0) <= 50;

/** The attribute that a name means, 1.6 keys of the same setting included; undefined for what is no name in 2.x. */
export function attributeOf(text: string): Attribute | undefined {
  const found = NAME.exec(variableOfKey(text.trim()) ?? text.trim());
  if (found === null) return undefined;
  const [, component, componentInstance, variable, variableInstance, evse, connector, type] = found;
  const attribute = {
    component: { ...named(component!, componentInstance), ...placed(evse, connector) },
    variable: named(variable!, variableInstance),
    ...(type === undefined || type === 'Actual' ? {} : { attributeType: type as AttributeType }),
  };
  return fits(attribute.component) && fits(attribute.variable) ? attribute : undefined;
}

/** A component, `Component[.instance][@evse[.connector]]`, or one of its variables: what a report is asked for by. */
export function componentOf(
  text: string,
): { component: Component; variable?: ComponentVariable['variable'] } | undefined {
  const attribute = attributeOf(text);
  if (attribute !== undefined) return { component: attribute.component, variable: attribute.variable };
  const found = COMPONENT_ALONE.exec(text.trim());
  if (found === null) return undefined;
  const [, name, instance, evse, connector] = found;
  const component = { ...named(name!, instance), ...placed(evse, connector) };
  return fits(component) ? { component } : undefined;
}

const wordOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;
/** Three times what the specification allows, and as long as a name may be that we are asked for. */
const LONGEST = 150;
const namedBy = (raw: unknown) => {
  if (!isMembers(raw)) return undefined;
  const [name, instance] = [wordOf(raw['name']), wordOf(raw['instance'])];
  if (name === undefined || name.length > LONGEST || (instance ?? '').length > LONGEST) return undefined;
  return { name, ...(instance === undefined ? {} : { instance }) };
};

/** The component and variable that a station names; undefined where it names none. EVSE 0 is the station itself. */
export function saidOf(raw: unknown): ComponentVariable | undefined {
  if (!isMembers(raw)) return undefined;
  const [component, variable] = [namedBy(raw['component']), namedBy(raw['variable'])];
  if (component === undefined || variable === undefined) return undefined;
  const evse = (raw['component'] as Readonly<Record<string, unknown>>)['evse'];
  if (!isMembers(evse) || !Number.isInteger(evse['id'])) return { component, variable };
  const connectorId = evse['connectorId'];
  const where = {
    id: evse['id'] as number,
    ...(Number.isInteger(connectorId) && { connectorId: connectorId as number }),
  };
  return { component: { ...component, evse: where }, variable };
}

/** Names are compared without case (2.0.1 Part 2, "Component names are case-insensitive"). */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
export { wordOf };
