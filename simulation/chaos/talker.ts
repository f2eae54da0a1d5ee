/** A person with a device: creates conversations, sends, watches, leaves, comes back, stops, renames and deletes. */
import type { ConversationSummary, Problem, StopAnswer, TurnEvent, TurnResult, VersionList } from "@instep/protocol";
import { chanceOf, type Random } from "../random.ts";
import { ChaosDevice, type SendAttempt } from "./device.ts";
import { faultUnless } from "./fault.ts";
import { askingAgain, newQuestion } from "./asking.ts";
import { acknowledge, seeEnd, tryTurn, turnsOf, type Ledger } from "./ledger.ts";
import type { AskedSend, Conversation, Turn } from "./deeds.ts";
import type { KilledProgram } from "./program.ts";
import { bodyOf, refused } from "./sending.ts";
import { reckon } from "./reckoning.ts";
import { orLeave, view } from "./viewing.ts";

type Plan = "stream" | "batch" | "stop" | "leave" | "watch twice" | "send twice" | "delete";

const PLANS: readonly (readonly [number, Plan])[] = [
  [40, "stream"],
  [18, "batch"],
  [14, "stop"],
  [12, "leave"],
  [6, "watch twice"],
  [6, "send twice"],
  [4, "delete"],
];
const MAX_TURNS = 3;
/** How often something is asked again or put differently, at most, before the conversation goes on. */
const MAX_ROUNDS = 3;
/** A send that hangs longer than anything may take. */
const HANGS_MS = 100_000;
/** After a repeat finds a reply that a dead process left, people go on elsewhere. */
const PATIENCE_MS = 1500;

interface Sending extends SendAttempt {
  /** Aborts when nobody waits for this attempt any more. */
  readonly signal: AbortSignal;
}

export interface TalkerParts {
  readonly program: KilledProgram;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Waits between two turns; resolves at once where the load is to be full. */
  readonly think: () => Promise<void>;
}

export class Talker {
  readonly #ledger: Ledger;
  readonly #program: KilledProgram;
  readonly #random: Random;
  readonly #device: ChaosDevice;
  readonly #think: () => Promise<void>;
  /** What it does beside the turn that it watches. */
  readonly #aside: Promise<unknown>[] = [];
  #isStopped = false;

  constructor({ program, ledger, random, think }: TalkerParts) {
    this.#ledger = ledger;
    this.#program = program;
    this.#random = random;
    this.#think = think;
    this.#device = new ChaosDevice(program, ledger);
  }

  /** Conversation after conversation until `stop`; `onConversation` is told of each that it has done with. */
  async run(onConversation: (conversation: Conversation) => Promise<void> = async () => {}): Promise<void> {
    while (!this.#isStopped) {
      try {
        await onConversation(await this.#talk());
      } catch (error) {
        this.#ledger.fail(error);
        // A fault is told once; a program that is badly broken is not asked at full speed.
        await new Promise((done) => setTimeout(done, 200));
      }
    }
  }

  /** Takes up nothing new. */
  stop(): void {
    this.#isStopped = true;
  }

  async #talk(): Promise<Conversation> {
    const conversation = this.#ledger.addConversation(this.#random.uuid());
    await this.#device.ask("/api/conversations", [200, 201], { body: { id: conversation.id } });
    const turns = 1 + this.#random.below(MAX_TURNS);
    for (let index = 0; index < turns && !this.#isStopped; index += 1) {
      if (!(await this.#ask(conversation, newQuestion(this.#random)))) return conversation;
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const again = askingAgain(this.#random, reckon(conversation).messages);
        if (again === null) break;
        if (!(await this.#ask(conversation, again))) return conversation;
        if (this.#random.chance(0.2)) await this.#restoreVersion(conversation);
      }
      await this.#tidy(conversation);
      await this.#think();
    }
    if (this.#random.chance(0.08)) await this.#delete(conversation);
    return conversation;
  }

  #ask(conversation: Conversation, asking: AskedSend): Promise<boolean> {
    return this.#send(this.#ledger.addTurn(conversation, asking));
  }

  /** Sends until it is answered; true where the conversation can go on after it. */
  async #send(turn: Turn): Promise<boolean> {
    let plan = this.#random.weighted(PLANS);
    const how = await this.#device.insist(async (attempt) => {
      tryTurn(turn);
      const chosen = plan;
      plan = this.#random.pick(["stream", "batch"]);
      if (turn.attempts > 1) this.#ledger.figures.count("sends repeated after a cut");
      const signal = AbortSignal.timeout(this.#patienceMs(turn));
      const sending = { ...attempt, signal };
      const send = () => (chosen === "batch" ? this.#batch(turn, sending) : this.#stream(turn, sending, chosen));
      const outcome = await orLeave(send);
      // A reply that no dead process left behind ends in time.
      faultUnless(
        turn.attempts > 1 || !signal.aborted,
        "TURN-2",
        () => `${turn.clientMessageId} hung for ${HANGS_MS} ms`,
      );
      return outcome;
    });
    await Promise.all(this.#aside.splice(0));
    return how === "ended" && turn.conversation.state === "live" && turn.end !== null;
  }

  #doAside(doing: Promise<unknown>): void {
    this.#aside.push(doing.catch((error: unknown) => this.#ledger.fail(error)));
  }

  async #stream(turn: Turn, { client, life, signal }: Sending, plan: Plan): Promise<"ended" | "left"> {
    const { id } = turn.conversation;
    if (plan === "send twice") this.#doAside(this.#sendBeside(turn));
    const startedAt = performance.now();
    const response = await client.stream(id, { ...bodyOf(turn), signal });
    if (response.status !== 200) return refused(turn, response.status, await response.text());
    const actAt = 1 + this.#random.below(60);
    let acted = false;
    const onEvent = (event: TurnEvent): boolean => {
      const tookMs = performance.now() - startedAt;
      if (event.event === "start") this.#ledger.figures.took("acknowledgement of a send", tookMs);
      if (acted || event.id < actAt) return false;
      acted = true;
      return this.#act(turn, plan, event.id);
    };
    const how = await view(response, { ledger: this.#ledger, life, turn, after: 0, onEvent });
    if (how === "ended" || plan !== "leave") return how;
    return this.#replay(turn, this.#random.chance(0.7) ? actAt : this.#random.below(actAt));
  }

  /** What a plan has in mind at its event; true leaves the stream. */
  #act(turn: Turn, plan: Plan, seen: number): boolean {
    if (plan === "stop") this.#doAside(this.#stop(turn));
    if (plan === "delete") this.#doAside(this.#delete(turn.conversation));
    if (plan === "watch twice") this.#doAside(this.#replay(turn, this.#random.below(seen + 1)));
    return plan === "leave";
  }

  async #batch(turn: Turn, { client, signal }: Sending): Promise<"ended" | "left"> {
    const answer = await client.batch<TurnResult & Problem>(turn.conversation.id, { ...bodyOf(turn), signal });
    if (answer.status !== 200) return refused(turn, answer.status, answer.text);
    const { user_message: userMessage, message, brought_back: back } = answer.body;
    // What came back is another reply, and who this one is isn't told [MSG-5].
    acknowledge(turn, { message: userMessage, replyId: back === undefined ? message.id : null });
    seeEnd(turn, answer.body);
    return "ended";
  }

  /** The second click: the same send at the same time [TURN-3]. */
  async #sendBeside(turn: Turn): Promise<void> {
    this.#ledger.figures.count("sends sent twice at once");
    let patienceMs = HANGS_MS;
    await this.#device.insist(async ({ client, life }) => {
      const signal = AbortSignal.timeout(patienceMs);
      patienceMs = PATIENCE_MS;
      return orLeave(async () => {
        const response = await client.stream(turn.conversation.id, { ...bodyOf(turn), signal });
        if (response.status !== 200) return refused(turn, response.status, await response.text());
        return view(response, { ledger: this.#ledger, life, turn, after: 0 });
      });
    });
  }

  /** Another viewer, or the same one again [TURN-4]. */
  #replay(turn: Turn, after: number): Promise<"ended" | "left"> {
    this.#ledger.figures.count("replies watched again");
    return this.#device.insist(async ({ client, life }) => {
      const isOrphan = turn.firstLife < life.number;
      const signal = AbortSignal.timeout(isOrphan ? PATIENCE_MS : HANGS_MS);
      const path = `/api/conversations/${turn.conversation.id}/chat/replies/${turn.replyId}/stream?after=${after}`;
      return orLeave(async () => {
        const response = await fetch(`${client.url}${path}`, { signal });
        faultUnless(response.status === 200, "TURN-4", () => `${path} was answered ${response.status}`);
        return view(response, { ledger: this.#ledger, life, turn, after });
      });
    });
  }

  async #stop(turn: Turn): Promise<void> {
    const path = `/api/conversations/${turn.conversation.id}/chat/replies/${turn.replyId}/stop`;
    const life = await this.#program.current();
    const startedAt = performance.now();
    const answer = await this.#device.ask<StopAnswer>(path, [200], { method: "POST" });
    if (life === (await this.#program.current())) {
      this.#ledger.figures.took("stop", performance.now() - startedAt);
    }
    if (answer.body.status === "stopped") turn.isStopAcknowledged = true;
  }

  /** Renames now and then, and reads. */
  async #tidy(conversation: Conversation): Promise<void> {
    const { id } = conversation;
    const turns = turnsOf(conversation);
    if (this.#random.chance(0.15)) {
      const title = `Named ${turns.length} times`;
      await this.#device.ask<ConversationSummary>(`/api/conversations/${id}`, [200], {
        method: "PATCH",
        body: { title },
      });
      conversation.title = title;
    }
    const seq = turns.at(-1)?.end?.message?.seq;
    if (seq === undefined || !this.#random.chance(0.3)) return;
    await this.#device.ask<ConversationSummary>(`/api/conversations/${id}/read`, [200], { body: { seq } });
    conversation.readSeq = seq;
  }

  /** Brings back one of the versions that are kept of some place, if there are any; a repeat finds that it was done [MSG-5]. */
  async #restoreVersion(conversation: Conversation): Promise<void> {
    const { messages, lastSeq } = reckon(conversation);
    const place = messages.findIndex(({ version_count: count }) => count !== undefined);
    const message = messages[place];
    if (message === undefined) return;
    const path = `/api/conversations/${conversation.id}/versions`;
    const { body } = await this.#device.ask<VersionList>(`${path}/${message.seq}`, [200]);
    const index = this.#random.below(body.versions.length);
    const restoring = { method: "POST", body: { expected_last_seq: lastSeq } };
    let attempts = 0;
    await this.#device.insist(async ({ client }) => {
      attempts += 1;
      const { status, text } = await client.call(`${path}/${body.versions[index]?.version_id}/restore`, restoring);
      const isDone = status === 200 || (attempts > 1 && status === 404);
      faultUnless(
        isDone,
        "MSG-5",
        () => `a version of ${conversation.id} was answered ${status}: ${text.slice(0, 300)}`,
      );
    });
    conversation.deeds.push({ kind: "restoration", afterSeq: messages[place - 1]?.seq ?? 0, index });
    this.#ledger.figures.count("versions brought back");
  }

  /** To the trash, and sometimes back; a repeat of a delete that arrived finds nothing to delete. */
  async #delete(conversation: Conversation): Promise<void> {
    const path = `/api/conversations/${conversation.id}`;
    conversation.deletions += 1;
    await this.#device.ask(path, [200, 404], { method: "DELETE" });
    conversation.state = "trashed";
    this.#ledger.figures.count("conversations deleted");
    // Chance by the conversation, so that what else happens meanwhile doesn't move it.
    if (chanceOf(conversation.id) < 0.6) return;
    await this.#device.ask(`${path}/restore`, [200], { method: "POST" });
    conversation.state = "live";
    this.#ledger.figures.count("conversations restored");
  }

  #patienceMs({ attempts }: Turn): number {
    return attempts > 1 ? 200 + this.#random.below(PATIENCE_MS) : HANGS_MS;
  }
}
