/** What pages of plugins import as `@plugga/console`; the contract is sdk/console/src/index.ts. */
export * from './page.tsx';
export * from './parts.tsx';
