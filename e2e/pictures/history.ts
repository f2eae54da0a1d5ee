/** What the pictures of README show: conversations made up for them, with the days that they stand under, and a model that answers from here. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { startOpenAiFake, type OpenAiFake } from "../../apps/server/test/openai-fake.ts";
import { uuidOf } from "../../apps/server/test/chatgpt-fixture.ts";
import type { ProgramHost } from "../harness/program-host.ts";
import { startServer, type TestServer } from "../harness/server.ts";

interface Story {
  readonly title: string;
  readonly daysAgo: number;
  readonly pinned?: boolean;
  readonly turns: readonly (readonly [question: string, answer: string])[];
}

const KNEADED = `Long rest does the work of kneading: flour and water make **gluten by themselves**, given time.

- 14 hours at room temperature, covered
- fold it four times, then 2 hours more
- 30 minutes in a hot pot with its lid, 15 without`;

const STORIES: readonly Story[] = [
  {
    title: "Letter to the landlord",
    daysAgo: 5,
    turns: [["How do I ask for the window to be mended?", "Say what is broken, since when, and by when."]],
  },
  {
    title: "Names for a boat",
    daysAgo: 4,
    turns: [["Names for a small wooden boat?", "*Sandpiper*, *Second Wind*, *Little Tern*."]],
  },
  {
    title: "Median of a column in SQL",
    daysAgo: 1,
    turns: [
      [
        "How do I take the median in SQLite?",
        "```sql\nSELECT value FROM t ORDER BY value\nLIMIT 1 OFFSET (SELECT count(*) FROM t) / 2;\n```",
      ],
    ],
  },
  {
    title: "When to plant garlic",
    daysAgo: 0,
    pinned: true,
    turns: [["When does garlic go into the ground?", "In October, a hand deep, before the frost."]],
  },
  {
    title: "A trip to the coast",
    daysAgo: 0,
    turns: [
      [
        "Two days at the coast, without a car?",
        "Take the train to Sheringham and the bus to Wells; walk on to Holkham.",
      ],
      ["Where are the seals?", "At Blakeney Point. Boats go from Morston, at high water only."],
      ["What if I miss the last bus?", "Stay in Wells. It goes at **19:05**, and the next one in the morning."],
    ],
  },
  { title: "Bread without kneading", daysAgo: 0, turns: [["Why does this dough need no kneading?", KNEADED]] },
];

/** The conversation of that title. */
export function idOf(title: string): string {
  return uuidOf(title);
}

export interface Stage {
  readonly server: TestServer;
  readonly model: OpenAiFake;
  close(): Promise<void>;
}

/** The program with these conversations in it, and a model that says what a picture wants. They are written to `file` to be brought in. */
export async function setStage(host: ProgramHost, file: string): Promise<Stage> {
  const model = await startOpenAiFake();
  const server = await startServer(host, {
    OPENAI_BASE_URL: model.baseUrl,
    MODELS: "example=Example model",
    TITLES: "words",
  });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ instep_export: 1, conversations: STORIES.map(toExport) }));
  await server.command("import", file);
  return {
    server,
    model,
    close: async () => {
      await server.dispose();
      await model.close();
    },
  };
}

/** What the model has written of an answer so far, with more to come that never does: a picture that holds still. */
export function unfinished(text: string): Parameters<OpenAiFake["behave"]>[0] {
  const chunk = { choices: [{ index: 0, delta: { content: text }, finish_reason: null }] };
  const pieces = [`data: ${JSON.stringify(chunk)}\n\n`];
  return { kind: "raw", contentType: "text/event-stream", keepsOpen: true, pieces };
}

function toExport({ title, daysAgo, pinned = false, turns }: Story, index: number): object {
  const at = new Date(Date.now() - daysAgo * 86_400_000 - (STORIES.length - index) * 1000).toISOString();
  const messages = turns.flatMap(([question, answer], turn) => [
    { id: uuidOf(`${title} ${turn} question`), role: "user", content: question, created_at: at },
    { id: uuidOf(`${title} ${turn} answer`), role: "assistant", content: answer, created_at: at },
  ]);
  return { id: idOf(title), title, pinned, archived: false, created_at: at, updated_at: at, messages };
}
