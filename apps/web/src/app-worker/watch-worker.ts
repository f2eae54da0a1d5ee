/** Registers the page's worker and notices when another build is there. Loaded after the page has begun; without it nothing changes [DEV-14]. */
import type { KeyValue } from "../environment.ts";
import { renewPushes } from "../push/browser-push.ts";
import { isWorkerBuild, type WorkerBuild } from "./worker-build.ts";
import type { WorkerMessage } from "./worker-message.ts";

export interface WatchPorts {
  readonly workers: Pick<ServiceWorkerContainer, "register" | "addEventListener">;
  /** The script that this page began with. */
  readonly entry: string | null;
  /** Another build is there, and its worker waits. */
  readonly onNew: () => void;
  /** What is kept on the device, the choice of pushes with it. */
  readonly keyValue: KeyValue;
  readonly wait: (ms: number) => Promise<void>;
}

export interface WorkerWatch {
  /** Asks the server whether there is another build. */
  askForBuild(): void;
  /** Lets the worker that waits take over; resolves when it has, or won't. */
  takeOver(): Promise<void>;
}

const WORKER = "/service-worker.js";
/** So long a worker may take to say something. */
const PATIENCE_MS = 2000;
/**
 * So long it may take to take over, which the browser does when the former worker has nothing left to do: some seconds on a busy
 * machine. A page that begins anew between the two workers can wait for its answer in vain (seen in Chromium).
 */
const TAKE_OVER_PATIENCE_MS = 10_000;

/** @throws where there can be no worker. */
export async function watchWorker({ workers, entry, onNew, wait, keyValue }: WatchPorts): Promise<WorkerWatch> {
  const registration = await workers.register(WORKER);
  const judge = async (waiting: ServiceWorker): Promise<void> => {
    const { active } = registration;
    // The first one is no other version.
    if (!active) return;
    const [next, now] = await Promise.all([buildOf(waiting, wait), buildOf(active, wait)]);
    // The page itself comes from the server: opened after the build was made, it is of that build already.
    const isNewPage = entry !== null && next?.entry === entry && now?.entry !== entry;
    if (!isNewPage) onNew();
  };
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed") void judge(installing);
    });
  });
  if (registration.waiting) void judge(registration.waiting);
  void renewPushes(keyValue).catch(() => undefined);
  return {
    // The server can't be reached, or has no worker any more.
    askForBuild: () => void registration.update().catch(() => undefined),
    takeOver: async () => {
      if (!registration.waiting) return;
      const taken = new Promise<void>((resolve) => {
        workers.addEventListener("controllerchange", () => resolve(), { once: true });
      });
      say(registration.waiting, { kind: "take-over" });
      await Promise.race([taken, wait(TAKE_OVER_PATIENCE_MS)]);
    },
  };
}

/** Null where it doesn't say: one that hangs, or of another time. */
async function buildOf(worker: ServiceWorker, wait: WatchPorts["wait"]): Promise<WorkerBuild | null> {
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<WorkerBuild | null>((resolve) => {
    port1.addEventListener("message", ({ data }: MessageEvent<unknown>) => resolve(isWorkerBuild(data) ? data : null));
    port1.start();
  });
  say(worker, { kind: "which-build" }, [port2]);
  const build = await Promise.race([answered, wait(PATIENCE_MS).then(() => null)]);
  port1.close();
  return build;
}

function say(worker: ServiceWorker, message: WorkerMessage, ports: MessagePort[] = []): void {
  worker.postMessage(message, ports);
}
