/** Errors of a storage that have no code of their database's. */

/**
 * `STORAGE_CLOSED`: asked after its close. `STORAGE_LOST`: what wrote to the database is gone, and with it what was asked of it. `STORAGE_GONE`:
 * its files are not in their place, for now at least. `STORAGE_FULL`: there is no room on its disk. `SEARCH_INDEX_DAMAGED`: only search lacks something.
 */
export type StorageErrorCode =
  | "STORAGE_CLOSED"
  | "STORAGE_LOST"
  | "STORAGE_GONE"
  | "STORAGE_FULL"
  | "SEARCH_INDEX_DAMAGED";

/** A storage that can't be used any more; `code` says why, as a database's own errors do. */
export class StorageError extends Error {
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
