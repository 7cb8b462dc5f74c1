/** A case of a public list, by its id and what it is about. */
export interface Listed {
  readonly id: string;
  readonly about: string;
  readonly group: string;
}

export const group = (name: string, cases: Readonly<Record<string, string>>): readonly Listed[] =>
  Object.entries(cases).map(([id, about]) => ({ id, about, group: name }));
