/** Faults that show where the program is killed, or where people do much at once: a run of chaos has to find each of them. */
import type { Mutant } from "../mutants/workshop.ts";

const SRC = "packages/sync-server/src";

export const CHAOS_MUTANTS: readonly Mutant[] = [
  {
    name: "a reply is acknowledged before it is stored",
    rule: "TURN-2",
    file: `${SRC}/append-message.ts`,
    find: "await tx.insertMessage(append.accountId, appended.message);",
    replace:
      "const store = () => tx.insertMessage(append.accountId, appended.message); if (append.draft.role === 'user') await store(); else setTimeout(store, 200);",
  },
  {
    name: "a stop is acknowledged before the reply has ended",
    rule: "TURN-5",
    file: `${SRC}/replies/replies.ts`,
    find: 'const ended = running.cutShort(reply, { kind: "stopped" });',
    replace:
      'const ended = Promise.resolve(); setTimeout(() => void running.cutShort(reply, { kind: "stopped" }), 300);',
  },
  {
    name: "a turn's end is two transactions",
    rule: "TURN-6",
    file: `${SRC}/writes/finish-reply.ts`,
    find: "await tx.endTurn(key, { state: endedAs(ending).status, endedAt, endEventId: end.id, endData: packEnd(end) });",
    replace:
      "setTimeout(() => void tx.endTurn(key, { state: endedAs(ending).status, endedAt, endEventId: end.id, endData: packEnd(end) }), 1500);",
  },
  {
    name: "what comes back comes without its first message",
    rule: "MSG-5",
    file: `${SRC}/versions.ts`,
    find: "for (const message of slice) {\n      const id",
    replace: "for (const message of slice.slice(1)) {\n      const id",
  },
  {
    name: "what came back is still kept as a version",
    rule: "MSG-5",
    file: `${SRC}/versions.ts`,
    find: "await tx.deleteVersion(versionKey);",
    replace: "",
  },
  {
    name: "what a killed turn had replaced stays replaced",
    rule: "MSG-5",
    file: `${SRC}/replies/reply-end.ts`,
    find: 'return ending.kind !== "complete" && text.trim() === "";',
    replace: 'return ending.kind !== "complete" && ending.kind !== "interrupted" && text.trim() === "";',
  },
  {
    name: "what is replaced is thrown away",
    rule: "MSG-5",
    file: `${SRC}/versions.ts`,
    find: "await tx.moveToVersion({ ...key, versionId }, fromSeq);",
    replace: "await tx.moveToVersion({ ...key, versionId }, fromSeq + 1); await tx.deleteMessagesFrom(key, fromSeq);",
  },
  {
    name: "a repeated send begins a turn of its own",
    rule: "TURN-3",
    file: `${SRC}/writes/begin-turn.ts`,
    find: "if (known) return join(",
    replace:
      "if (known) input = { ...input, clientMessageId: crypto.randomUUID() as ClientMessageId };\n    if (known && input.text === '') return join(",
  },
  {
    name: "a repeated send asks the model again",
    rule: "TURN-3",
    file: "apps/server/src/routes/turns.ts",
    find: 'if (!isRefusal(begun) && begun.kind === "started") context.generate(accountId, begun);',
    replace: "if (!isRefusal(begun)) context.generate(accountId, begun);",
  },
  {
    name: "the reaper drops the text",
    rule: "TURN-6",
    file: `${SRC}/writes/finish-reply.ts`,
    find: "const { said = NOTHING_SAID, lastEventId = START_ID } = (await readJournalled(tx, key)) ?? {};",
    replace:
      "const { said: all = NOTHING_SAID, lastEventId = START_ID } = (await readJournalled(tx, key)) ?? {}; const said = ending.kind === 'interrupted' ? NOTHING_SAID : all;",
  },
  {
    name: "the journal is written every few seconds",
    rule: "TURN-2",
    file: `${SRC}/replies/reply-times.ts`,
    find: "export const JOURNAL_MS = 250;",
    replace: "export const JOURNAL_MS = 6000;",
  },
  {
    name: "a killed process's replies hang",
    rule: "TURN-6",
    file: `${SRC}/replies/reply-reaper.ts`,
    find: "...orphans.filter(isConfirmed).map((key) => this.#reap(key, now)),",
    replace: "",
  },
  {
    name: "a process that has just started tells an older clock",
    rule: "CLOCK-3",
    file: `${SRC}/changes.ts`,
    find: "serverTime: clock,",
    replace: "serverTime: (clock - (process.uptime() < 1.5 ? 3_000_000 : 0)) as Micros,",
  },
];
