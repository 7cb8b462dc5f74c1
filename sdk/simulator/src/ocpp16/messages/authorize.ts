export const authorize = (idTag: string): Record<string, unknown> => ({ idTag });
