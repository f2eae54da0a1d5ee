/** The engine's storage on SQLite. */
export { sealClosed } from "./file-seal.ts";
export { claimDatabase, copyDatabase, findFileFault } from "./database-file.ts";
export { openInlineSqliteStorage, openSqliteStorage, type SqliteOptions } from "./sqlite-storage.ts";
