/** The engine's storage on SQLite. */
export { forgetMissing, holdsNothing, isEmptied, sealClosed } from "./file-seal.ts";
export { claimDatabase, copyDatabase, epochOf, findFileFault, hasOlderSchema } from "./database-file.ts";
export { FileWatch } from "./file-watch.ts";
export { emptyIndex } from "./rebuild-index.ts";
export { openInlineSqliteStorage, openSqliteStorage, type SqliteOptions } from "./sqlite-storage.ts";
