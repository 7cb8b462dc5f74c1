export { type TestDatabase, testDatabase } from './database.ts';
export { type TestDialect, testDialect } from './dialect.ts';
