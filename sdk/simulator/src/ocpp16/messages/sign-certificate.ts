export const signCertificate = (csr: string): Record<string, unknown> => ({ csr });
