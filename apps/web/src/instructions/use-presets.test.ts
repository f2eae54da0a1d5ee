/** Which preset a name means, and for whom an account's texts are asked and changed. */
import { afterEach, expect, test, vi } from "vitest";
import { createDrafts } from "../composer/drafts.ts";
import { memoryKeyValue } from "../../test/test-environment.ts";
import { instructionCalls } from "./instruction-calls.ts";
import { presetCalls } from "./preset-calls.ts";
import { presetNamed } from "./use-presets.ts";

const CAFE = { id: "a", name: "Caf\u00e9", instructions: "", updated_at: "" };

afterEach(() => vi.unstubAllGlobals());

/** A server that answers so, by method and path; what it was asked, and for whom. */
function serve(answers: (method: string, path: string) => Response) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string, { method = "GET", headers }: RequestInit = {}) => {
    const { pathname } = new URL(address, "http://localhost");
    asked.push(`${new Headers(headers).get("instep-account")}: ${method} ${pathname}`);
    return answers(method, pathname);
  });
  return asked;
}

test("a name means the preset that is called so, however it is typed, and none but the one that is left out", () => {
  for (const name of ["Caf\u00e9", " caf\u00e9 ", "CAFE\u0301"]) {
    expect([presetNamed([CAFE], name)?.id, presetNamed([CAFE], name, "a")]).toEqual(["a", null]);
  }
  expect(presetNamed([CAFE], "Cafe")).toBeNull();
});

test("[SIGN-9] presets and instructions are asked and changed as this account's, so that nobody who signs in meanwhile gets them", async () => {
  const asked = serve(() => Response.json({ presets: [] }));
  const presets = presetCalls("ann");
  const instructions = instructionCalls("ann", "c", createDrafts(memoryKeyValue()));
  await presets.list();
  await presets.save({ id: "p", name: "Rude", instructions: "Be rude." });
  await presets.remove("p");
  await instructions.read();
  await instructions.save("Be brief.");
  expect(asked).toEqual([
    "ann: GET /api/presets",
    "ann: PUT /api/presets/p",
    "ann: DELETE /api/presets/p",
    "ann: GET /api/conversations/c",
    "ann: PATCH /api/conversations/c",
  ]);
});

test("[PRESET-1] a preset that another device has deleted can be removed here too, and what is left is shown", async () => {
  const gone = Response.json({ code: "preset_not_found", title: "There is no such preset." }, { status: 404 });
  const asked = serve((method) => (method === "DELETE" ? gone : Response.json({ presets: [CAFE] })));
  expect(await presetCalls("ann").remove("p")).toEqual([CAFE]);
  expect(asked).toEqual(["ann: DELETE /api/presets/p", "ann: GET /api/presets"]);
});
