/** Presets of instructions on SQLite. */
import type { PresetReads, PresetWrites } from "../preset-statements.ts";
import type { PresetRow } from "../rows.ts";
import type { Database } from "./connection.ts";

export function presetReads(db: Database): PresetReads {
  const all = db.prepare<[string], PresetRow>(
    "SELECT id, name, instructions, updated_at AS updatedAt FROM preset WHERE account_id = ? ORDER BY number",
  );
  return { presets: (accountId) => all.all(accountId) };
}

export function presetWrites(db: Database): PresetWrites {
  const save = db.prepare<[PresetRow & { readonly accountId: string }]>(
    `INSERT INTO preset (account_id, id, name, instructions, updated_at)
     VALUES (@accountId, @id, @name, @instructions, @updatedAt)
     ON CONFLICT (account_id, id) DO UPDATE
     SET name = excluded.name, instructions = excluded.instructions, updated_at = excluded.updated_at`,
  );
  const remove = db.prepare<[string, string]>("DELETE FROM preset WHERE account_id = ? AND id = ?");
  return {
    savePreset: (accountId, row) => void save.run({ ...row, accountId }),
    deletePreset: (accountId, id) => remove.run(accountId, id).changes > 0,
  };
}
