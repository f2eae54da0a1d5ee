/** Presets of instructions. No device sees one among its conversations: no tick [PRESET-1]. */
import { MAX_PRESETS } from "@instep/protocol";
import { NoAccountError, type WriteMoment } from "../account-clock.ts";
import type { PresetRow } from "../storage/rows.ts";
import type { WriteTransaction } from "../storage/transaction.ts";

export interface PutPresets extends WriteMoment {
  readonly presets: readonly Omit<PresetRow, "updatedAt">[];
  /** Whether what stands under the same id stays as it is. */
  readonly isKept: boolean;
}

/** Puts them in the place of those that have their ids, or behind all others for as long as there is room; says for how many there was none. */
export async function putPresets(tx: WriteTransaction, input: PutPresets): Promise<number> {
  const { accountId, now, presets, isKept } = input;
  if (!(await tx.account(accountId))) throw new NoAccountError();
  const standing = new Map((await tx.presets(accountId)).map((row) => [row.id, row]));
  let leftOut = 0;
  for (const { id, name, instructions } of presets) {
    const before = standing.get(id);
    if (before && (isKept || (before.name === name && before.instructions === instructions))) continue;
    if (!before && standing.size >= MAX_PRESETS) {
      leftOut += 1;
      continue;
    }
    const row = { id, name, instructions, updatedAt: now };
    await tx.savePreset(accountId, row);
    standing.set(id, row);
  }
  return leftOut;
}

/** False where there is none. */
export async function deletePreset(
  tx: WriteTransaction,
  { accountId, id }: WriteMoment & { readonly id: string },
): Promise<boolean> {
  return tx.deletePreset(accountId, id);
}
