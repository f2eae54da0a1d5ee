/** What once stood in a place of a conversation, and bringing it back [MSG-5]. */
import type { ConversationId, MessageVersion, VersionList } from "@instep/protocol";
import { applySeen } from "../apply-local.ts";
import type { ConversationStore } from "../conversation-store.ts";
import type { LoadedViews } from "./loaded-views.ts";
import type { Versions } from "../device.ts";
import type { Environment } from "../environment.ts";
import { isOfPast } from "../apply-sync.ts";
import { isFailure, type Result } from "../failure.ts";
import { REPLY_RUNS } from "../outbox/outgoing-send.ts";
import type { OwnReplacements } from "./own-replacements.ts";
import type { ReplyViews } from "./reply-views.ts";
import type { SyncManager } from "../sync-manager.ts";
import type { Transport } from "../transport/transport.ts";
import type { TurnRunner } from "../turns/turn-runner.ts";
import { allSeen } from "../unread.ts";

export interface PlaceVersionsPorts {
  readonly transport: Pick<Transport, "versions" | "restoreVersion">;
  readonly environment: Pick<Environment, "setTimer" | "clearTimer">;
  readonly store: ConversationStore;
  readonly replacements: OwnReplacements;
  readonly manager: SyncManager;
  readonly running: Pick<ReplyViews, "has" | "isClosed" | "onEnd">;
  readonly runner: Pick<TurnRunner, "stop">;
  readonly views: Pick<LoadedViews, "reload">;
}

/** A stop ends a turn within a second; a server that is away doesn't keep one waiting for longer. */
const STOP_PATIENCE_MS = 5000;

export class PlaceVersions implements Versions {
  readonly #ports: PlaceVersionsPorts;
  /** What is being brought back in each conversation: one at a time, and a second click on it is the first one's. */
  readonly #underWay = new Map<string, { readonly versionId: string; readonly result: Promise<Result<void>> }>();

  constructor(ports: PlaceVersionsPorts) {
    this.#ports = ports;
  }

  async list(id: string, seq: number): Promise<Result<readonly MessageVersion[]>> {
    const versions: MessageVersion[] = [];
    for (let cursor: string | null = null; ;) {
      const page: Result<VersionList> = await this.#ports.transport.versions(id as ConversationId, seq, cursor);
      if (isFailure(page)) return page;
      for (const part of page.versions) append(versions, part);
      cursor = page.next_cursor ?? null;
      if (cursor === null) return versions;
    }
  }

  bringBack(conversationId: string, versionId: string): Promise<Result<void>> {
    return this.#once(conversationId, versionId, () => this.#shownSeq(conversationId));
  }

  undo(conversationId: string, versionId: string): Promise<Result<void>> {
    return this.#once(conversationId, versionId, () => {
      const own = this.#ports.replacements.of(conversationId, versionId);
      if (own?.isBack) return null;
      const shown = this.#shownSeq(conversationId);
      return own ? (own.endedAt ?? Math.min(shown, own.beganAt + 1)) : shown;
    });
  }

  placeOf(conversationId: string, versionId: string): number | null {
    return this.#ports.replacements.of(conversationId, versionId)?.placeSeq ?? null;
  }

  /** What the person who asks has seen. */
  #shownSeq(id: string): number {
    return this.#ports.store.seenOf(id)?.seq ?? 0;
  }

  #once(conversationId: string, versionId: string, expected: () => number | null): Promise<Result<void>> {
    const before = this.#underWay.get(conversationId);
    if (before?.versionId === versionId) return before.result;
    const bringBack = () => this.#bringBack(conversationId as ConversationId, versionId, expected);
    const result = (before?.result ?? Promise.resolve()).then(bringBack);
    this.#underWay.set(conversationId, { versionId, result });
    return result.finally(() => {
      if (this.#underWay.get(conversationId)?.result === result) this.#underWay.delete(conversationId);
    });
  }

  /** `expected` says, once nothing runs any more, at which `last_seq`; null: there is nothing to bring back. */
  async #bringBack(id: ConversationId, versionId: string, expected: () => number | null): Promise<Result<void>> {
    const { transport, store, manager, views } = this.#ports;
    if (!(await this.#endWhatRuns(id))) return REPLY_RUNS;
    const lastSeq = expected();
    if (lastSeq === null) return undefined;
    // What comes of it is this tab's own doing, and no news here.
    manager.hold(id, "version", true);
    const page = await transport.restoreVersion(id, versionId, lastSeq);
    if (!isFailure(page)) {
      const { total_count: count, last_seq: until = 0 } = page.message_pagination;
      // On screen or not: the toast that offers the Undo outlasts its conversation's stay there.
      const isLost = isOfPast(store.state, page.epoch);
      if (!isLost) manager.commit(applySeen(store.state, id, allSeen({ message_count: count, last_seq: until })));
      await views.reload(id);
    }
    manager.hold(id, "version", false);
    manager.hint();
    return isFailure(page) ? page : undefined;
  }

  /** Ends what runs there: a version can't come back into the middle of a turn. False where that takes too long, or the device is stopped. */
  async #endWhatRuns(id: ConversationId): Promise<boolean> {
    const { running, runner, environment } = this.#ports;
    if (!running.has(id)) return true;
    void runner.stop(id);
    return new Promise((resolve) => {
      const forget = running.onEnd(id, () => {
        environment.clearTimer(timer);
        resolve(!running.isClosed);
      });
      const timer = environment.setTimer(() => {
        forget();
        resolve(false);
      }, STOP_PATIENCE_MS);
    });
  }
}

/** A version that is longer than a page goes on in the next one. */
function append(versions: MessageVersion[], part: MessageVersion): void {
  const begun = versions.at(-1);
  if (begun?.version_id !== part.version_id) versions.push(part);
  else versions[versions.length - 1] = { ...begun, messages: [...begun.messages, ...part.messages] };
}
