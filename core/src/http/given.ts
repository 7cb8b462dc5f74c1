/** Without the members that were not given, so that a change changes only what it names. */
export const given = <T extends object>(wanted: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) as never;
