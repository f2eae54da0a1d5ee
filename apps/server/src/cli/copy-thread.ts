/** The thread that copies one database for a command, which is so free to hear a signal meanwhile. */
import { copyDatabase } from "@instep/sync-server/sqlite";
import { workerData } from "node:worker_threads";
import type { CopyOrder } from "./unfinished-files.ts";

const { from, to } = workerData as CopyOrder;
copyDatabase(from, to);
