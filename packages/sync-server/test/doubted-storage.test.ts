/** A read that finds the file damaged: nothing is written until the same read goes well, and then all is well again. */
import { expect, onTestFinished, test } from "vitest";
import { openInlineSqliteStorage } from "../src/storage/sqlite/index.ts";
import { temporaryFile } from "./turn-world.ts";

test.each(["SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_SHORT_READ"])(
  "[SAFE-3] %s is told once, writes wait for the read to go well, and that is told once too",
  async (code) => {
    const told: string[] = [];
    const storage = openInlineSqliteStorage({
      path: await temporaryFile(),
      isDurable: false,
      onTrouble: () => told.push("trouble"),
      onWell: () => told.push("well"),
    });
    onTestFinished(() => storage.close());
    let isDamaged = true;
    let reads = 0;
    const query = () => {
      reads += 1;
      if (isDamaged) throw Object.assign(new Error("damaged"), { code });
    };
    const renew = () => storage.transact("renewEpoch", { epoch: "renewed" });
    for (let n = 0; n < 2; n += 1) await expect(storage.read(query)).rejects.toMatchObject({ code });
    expect([told, storage.trouble]).toMatchObject([["trouble"], { code: "STORAGE_GONE" }]);
    await expect(renew()).rejects.toMatchObject({ code });
    expect(storage.epoch).not.toBe("renewed");
    isDamaged = false;
    await renew();
    expect([storage.epoch, storage.trouble, told]).toEqual(["renewed", null, ["trouble", "well"]]);
    const before = reads;
    await renew();
    expect([reads, told]).toEqual([before, ["trouble", "well"]]);
  },
);
