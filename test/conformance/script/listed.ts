/** A case of a public list, by its id and what it is about. */
export interface Listed {
  readonly id: string;
  readonly about: string;
  readonly group: string;
}

export const group = (name: string, cases: Readonly<Record<string, string>>): readonly Listed[] =>
  Object.entries(cases).map(([id, about]) => ({ id, about, group: name }));

/** As it is printed: public ids are `TC_A_01`, cases of our own are named after their message. */
export const nameOf = (id: string): string => (/^(?:\d|[A-Z]_)/.test(id) ? `TC_${id}` : id);
