/** What a token is found by: upper case, without the separators that readers, cards and forms write differently. */
export const matchKeyOf = (value: string): string => value.toUpperCase().replaceAll(/[:\- .]/g, '');
