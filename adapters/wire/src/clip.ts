/** At most so many characters, never half of one: a lone surrogate is refused by the database. */
export const clip = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, most).toWellFormed();
