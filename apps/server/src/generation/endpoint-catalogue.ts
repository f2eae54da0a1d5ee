/** The models of an endpoint: asked for at the start, again while nothing is known, and again when it is old [MODEL-4]. */
import { shownAddress } from "./endpoint-address.ts";
import type { GenerationEnvironment } from "./environment.ts";
import { ModelError, type Model, type ModelChoice } from "./model.ts";
import type { ModelCatalogue } from "./model-catalogue.ts";
import { listEndpointModels, type ModelList } from "./openai-list.ts";
import { createOpenAiModel } from "./openai-model.ts";
import type { OpenAiEndpoint } from "./openai-request.ts";

export interface EndpointCatalogueParts {
  readonly endpoint: OpenAiEndpoint;
  /** What `MODELS` names; where it names some, the endpoint is only asked whether it is there. */
  readonly named: readonly ModelChoice[];
  readonly environment: GenerationEnvironment;
  /** Told whenever the endpoint can't be asked any more, or can be again. */
  readonly onChange: (problem: ModelError | null) => void;
}

/** While something is wrong the endpoint is asked in this interval, whether anybody wants to know or not. */
const RETRY_MS = 10_000;
/** Whoever wants to know has it asked sooner, but not more often than this. */
const MIN_GAP_MS = 1_000;
/** An answer that is older is asked for anew the next time somebody wants to know. */
const OLD_MS = 300_000;
/** Nobody waits longer than this to be told what can't be known yet. */
const PATIENCE_MS = 500;
/** Of models that aren't offered so many are remembered: anybody may ask for any name [SAFE-2]. */
const MAX_OTHERS = 50;

export class EndpointCatalogue implements ModelCatalogue {
  readonly #parts: EndpointCatalogueParts;
  /** Models are made once: they remember in which form they take a question [MODEL-3]. */
  readonly #byId = new Map<string, Model>();
  readonly #stopping = new AbortController();
  #offered: readonly Model[];
  #problem: ModelError | null = null;
  #askedAt: number | null = null;
  #asking: Promise<void> | null = null;
  #cancelRetry: () => void = () => undefined;

  constructor(parts: EndpointCatalogueParts) {
    this.#parts = parts;
    this.#offered = parts.named.map((model) => this.#make(model));
  }

  get models(): readonly Model[] {
    return this.#offered;
  }

  get defaultModel(): Model | null {
    return this.#offered[0] ?? null;
  }

  get problem(): ModelError | null {
    return this.#problem;
  }

  /** What isn't listed may be there all the same, for as long as there is no list. */
  find(id: string): Model | null {
    const offered = this.#offered.find((model) => model.id === id);
    if (offered || this.#offered.length > 0 || id === "") return offered ?? null;
    const made = this.#make({ id, name: id });
    this.#forgetOthers();
    return made;
  }

  async refresh(): Promise<void> {
    const { environment } = this.#parts;
    const age = this.#askedAt === null ? Number.POSITIVE_INFINITY : environment.elapsed() - this.#askedAt;
    if (age > (this.#isUnsure ? MIN_GAP_MS : OLD_MS)) void this.ask();
    if (!this.#isUnsure || this.#asking === null) return;
    let cancel = (): void => undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = environment.startTimer(PATIENCE_MS, resolve);
    });
    await Promise.race([this.#asking, patience]);
    cancel();
  }

  stop(): void {
    this.#cancelRetry();
    this.#stopping.abort();
  }

  /** Asks once; whoever asks meanwhile gets the same answer. Never rejects. */
  ask(): Promise<void> {
    if (this.#stopping.signal.aborted) return Promise.resolve();
    this.#asking ??= this.#askOnce().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #askOnce(): Promise<void> {
    const { endpoint, environment } = this.#parts;
    this.#cancelRetry();
    const list = await listEndpointModels(endpoint, environment, this.#stopping.signal);
    if (this.#stopping.signal.aborted) return;
    this.#askedAt = environment.elapsed();
    this.#adopt(list);
    if (this.#isUnsure) this.#cancelRetry = environment.startTimer(RETRY_MS, () => void this.ask());
  }

  get #isUnsure(): boolean {
    return this.#problem !== null || this.#offered.length === 0;
  }

  #adopt({ models, problem }: ModelList): void {
    const before = this.#problem;
    this.#problem = problem;
    if (models !== null && this.#parts.named.length === 0) {
      if (models.length === 0) this.#problem = saysNothing(this.#parts.endpoint);
      else this.#offer(models);
    }
    if (this.#problem?.detail !== before?.detail) this.#parts.onChange(this.#problem);
  }

  /** The default stays the default for as long as it is there, in whatever order an endpoint lists. */
  #offer(listed: readonly ModelChoice[]): void {
    const models = listed.map((model) => this.#make(model));
    const first = models.find((model) => model === this.defaultModel);
    this.#offered = first ? [first, ...models.filter((model) => model !== first)] : models;
    this.#forgetOthers();
  }

  /** Those that were asked for last stay. */
  #forgetOthers(): void {
    const others = [...this.#byId.values()].filter((model) => !this.#offered.includes(model));
    for (const { id } of others.slice(0, -MAX_OTHERS)) this.#byId.delete(id);
  }

  #make(model: ModelChoice): Model {
    const { endpoint, environment } = this.#parts;
    const made = this.#byId.get(model.id) ?? createOpenAiModel({ ...model, endpoint, environment });
    this.#byId.delete(model.id);
    this.#byId.set(model.id, made);
    return made;
  }
}

function saysNothing({ baseUrl }: OpenAiEndpoint): ModelError {
  const detail = `The model's server at ${shownAddress(baseUrl)} does not say which models it has; name them in MODELS.`;
  return new ModelError("model_bad_response", detail, { retryable: false });
}
