/** Brings a database file to this program's schema. Migrations are numbered and never edited after a release. */
import type { Database } from "better-sqlite3";
import { randomEpoch } from "../../../epoch.ts";
import { first } from "./0001-first.ts";
import { turns } from "./0002-turns.ts";
import { erasing } from "./0003-erasing.ts";
import { versions } from "./0004-versions.ts";
import { starts } from "./0005-starts.ts";
import { thoughts } from "./0006-thoughts.ts";
import { instructions } from "./0007-instructions.ts";
import { usage } from "./0008-usage.ts";
import { presets } from "./0009-presets.ts";
import { prefixes } from "./0010-prefixes.ts";

/** By their numbers: the schema of a version is what all up to it have made. */
export const migrations: readonly string[] = [
  first,
  turns,
  erasing,
  versions,
  starts,
  thoughts,
  instructions,
  usage,
  presets,
  prefixes,
];

/** Runs what is missing, in one transaction. Throws where the file was written by a newer program. */
export function migrate(db: Database): void {
  // For what takes the place of a full-text index that may be damaged.
  db.unsafeMode(true);
  try {
    runMissing(db);
  } finally {
    db.unsafeMode(false);
  }
}

function runMissing(db: Database): void {
  db.transaction(() => {
    const version = Number(db.pragma("user_version", { simple: true }));
    if (version > migrations.length) {
      throw new Error(`The database has schema ${version}; this program knows schemas up to ${migrations.length}`);
    }
    for (const migration of migrations.slice(version)) db.exec(migration);
    db.pragma(`user_version = ${migrations.length}`);
    db.prepare("INSERT INTO meta (id, epoch) VALUES (1, ?) ON CONFLICT DO NOTHING").run(randomEpoch());
  }).immediate();
}

/** The schema that this program writes. */
export const SCHEMA = migrations.length;
