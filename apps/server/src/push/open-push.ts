/** Puts pushes together from the settings. Whoever never asks for them has no key and no file for them. */
import { existsSync } from "node:fs";
import type { People } from "../accounts/open-sign-in.ts";
import { openLocalPushStore } from "../accounts/storage/sqlite-account-store.ts";
import { openReplaceable } from "../data-folder/clear-place.ts";
import { localPushPath } from "../data-folder/places.ts";
import type { Settings } from "../settings/config.ts";
import type { Presence } from "./presence.ts";
import type { PushStore } from "./push-store.ts";
import { createPush, type Push, type PushParts } from "./push.ts";
import { readVapid, type Vapid } from "./vapid.ts";

export interface OpenPushParts extends Pick<PushParts, "log" | "ports"> {
  readonly settings: Pick<Settings, "dataDir" | "publicUrl">;
  readonly people: People | null;
  readonly presence: Presence;
}

/** Subscriptions stand beside the sessions, and where there are none in a file of their own. */
export function openPush({ settings, people, presence, log, ports }: OpenPushParts): Push {
  let vapid: Vapid | null = null;
  const local = people === null ? localStore(localPushPath(settings), log) : null;
  const push = createPush({
    presence,
    log,
    ports,
    now: () => Date.now(),
    store: (isToWrite) => people?.store.push ?? local?.open(isToWrite) ?? null,
    vapid: () =>
      (vapid ??= readVapid(settings, (error, aside) =>
        log.warn({ err: error, aside }, "the key of pushes could not be read; browsers have to subscribe anew"),
      )),
    isLetIn: (id) => people === null || people.isLetIn(id),
  });
  return {
    ...push,
    async stop() {
      await push.stop();
      local?.close();
    },
  };
}

/** Opened when it is first needed: to be written, or because it is there. */
function localStore(path: string, log: OpenPushParts["log"]) {
  let opened: ReturnType<typeof openLocalPushStore> | null = null;
  return {
    open(isToWrite: boolean): PushStore | null {
      if (opened === null && (isToWrite || existsSync(path))) {
        opened = openReplaceable(path, openLocalPushStore, (error, aside) =>
          log.warn(
            { err: error, aside },
            "who subscribed to pushes could not be read; browsers have to subscribe anew",
          ),
        );
      }
      return opened;
    },
    close: () => opened?.close(),
  };
}
