/** The search's thread: a long search keeps nobody but other searches waiting. */
import { parentPort, workerData } from "node:worker_threads";
import { searchConversations, type SearchQuestion } from "../../search.ts";
import { accountReads } from "./account-statements.ts";
import { failureOf } from "./command.ts";
import { openReader } from "./connection.ts";
import { searchReads } from "./search-statements.ts";
import type { FromSearcher, ThreadOptions, ToSearcher } from "./thread-messages.ts";

const port = parentPort;
if (!port) throw new Error("This file is the search's thread; it can't run by itself");

const db = openReader({ path: (workerData as ThreadOptions).path });
const reads = { ...searchReads(db), ...accountReads(db) };
const begin = db.prepare("BEGIN");
const commit = db.prepare("COMMIT");

port.on("message", (message: ToSearcher) => {
  if (message.kind === "search") void search(message.question).then((answer) => port.postMessage(answer));
  else close();
});

async function search(question: SearchQuestion): Promise<FromSearcher> {
  try {
    begin.run();
    return { kind: "found", outcome: await searchConversations(reads, question) };
  } catch (error) {
    return { kind: "search-failed", failure: failureOf(error) };
  } finally {
    if (db.inTransaction) commit.run();
  }
}

function close(): void {
  db.close();
  port?.close();
}
