export type Members = Readonly<Record<string, unknown>>;

export const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** The members of an object; none of what is no object. */
export const membersOf = (value: unknown): Members => (isMembers(value) ? value : {});
