/** The models that this server offers: those of the endpoint in the settings, or the built-in demo. */
import { MAX_MODEL_LENGTH } from "@instep/protocol";
import { createDemoModel } from "./demo-model.ts";
import { EndpointCatalogue } from "./endpoint-catalogue.ts";
import type { GenerationEnvironment } from "./environment.ts";
import type { ModelCatalogue } from "./model-catalogue.ts";
import type { Model, ModelChoice, ModelError } from "./model.ts";

export interface ModelSettings {
  /** Root of an OpenAI-compatible API, such as `http://localhost:11434/v1`; null offers the demo model only (`OPENAI_BASE_URL`). */
  readonly baseUrl: string | null;
  /** Sent with every call where it is not null, as a bearer token or in Azure's `api-key` (`OPENAI_API_KEY`). */
  readonly apiKey: string | null;
  /** What `MODELS` names, the first one the default; empty asks the endpoint what it has. */
  readonly models: readonly ModelChoice[];
  /** From the request to the first token, retries included, where the answer is streamed (`MODEL_FIRST_TOKEN_TIMEOUT_SECONDS`). */
  readonly firstTokenTimeoutMs: number;
  /** Between two signs of life of the model once it has begun (`MODEL_SILENCE_TIMEOUT_SECONDS`). */
  readonly silenceTimeoutMs: number;
  /** The pace of the demo model, in milliseconds a token (`DEMO_TOKEN_DELAY_MS`). */
  readonly demoTokenDelayMs: number;
}

/** What is offered where there is neither an endpoint nor a name for the demo model. */
const DEMO_MODEL = { id: "demo", name: "Demo model" };

/** Builds the catalogue; waits for the endpoint's list (at most 3 s) where `MODELS` names none. `onChange` hears of an endpoint that can't be asked. Never throws. */
export async function createModels(
  settings: ModelSettings,
  environment: GenerationEnvironment,
  onChange: (problem: ModelError | null) => void = () => undefined,
): Promise<ModelCatalogue> {
  const { baseUrl, models: named } = settings;
  if (baseUrl === null) return demoCatalogue(settings, environment);
  const catalogue = new EndpointCatalogue({ endpoint: { ...settings, baseUrl }, named, environment, onChange });
  const asked = catalogue.ask();
  if (named.length === 0) await asked;
  return catalogue;
}

/** Reads `MODELS`: `id` or `id=Name`, separated by commas. Returns null where there is none, or an id is missing, too long for a send to name it, or comes twice. */
export function parseModels(text: string): readonly ModelChoice[] | null {
  const models = text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map(parseModel);
  const ids = new Set(models.map((model) => model.id));
  const isUsable = models.length > 0 && models.every(({ id }) => id !== "" && id.length <= MAX_MODEL_LENGTH);
  return isUsable && ids.size === models.length ? models : null;
}

/** Without an endpoint the demo model answers, under every name that `MODELS` gives it. */
function demoCatalogue(
  { models, demoTokenDelayMs }: ModelSettings,
  environment: GenerationEnvironment,
): ModelCatalogue {
  const [first = DEMO_MODEL, ...rest] = models;
  const create = (model: ModelChoice) => createDemoModel({ ...model, tokenDelayMs: demoTokenDelayMs, environment });
  const offered: readonly [Model, ...Model[]] = [create(first), ...rest.map(create)];
  return {
    models: offered,
    defaultModel: offered[0],
    problem: null,
    find: (id) => offered.find((model) => model.id === id) ?? null,
    refresh: () => Promise.resolve(),
    stop: () => undefined,
  };
}

function parseModel(entry: string): ModelChoice {
  const separator = entry.indexOf("=");
  if (separator === -1) return { id: entry, name: entry };
  const id = entry.slice(0, separator).trim();
  return { id, name: entry.slice(separator + 1).trim() || id };
}
