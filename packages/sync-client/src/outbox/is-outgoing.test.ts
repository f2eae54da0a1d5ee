import type { ConversationId } from "@instep/protocol";
import fc from "fast-check";
import { it } from "vitest";
import { isOutgoing } from "./is-outgoing.ts";
import type { ConversationChange, Outgoing } from "./outbox.ts";

const change: fc.Arbitrary<ConversationChange> = fc.oneof(
  fc.record({ key: fc.constantFrom("title", "model"), value: fc.string() }),
  fc.record({ key: fc.constantFrom("pinned", "archived", "removed"), value: fc.boolean() }),
  fc.record({
    key: fc.constant("read"),
    value: fc.oneof(
      fc.record({ seq: fc.nat() }),
      fc.record({ message_count: fc.nat() }),
      fc.record({ unread: fc.constant(true) }),
    ),
  }),
);
const common = {
  id: fc.uuid(),
  conversationId: fc.uuid() as unknown as fc.Arbitrary<ConversationId>,
  // Whatever the clock says, in parts of a millisecond too.
  order: fc.double({ noNaN: true, noDefaultInfinity: true }),
};
const outgoing: fc.Arbitrary<Outgoing> = fc.oneof(
  fc.record({
    ...common,
    kind: fc.constant("change"),
    change,
    state: fc.constantFrom("waiting", "sending"),
  }),
  fc.record({
    ...common,
    kind: fc.constant("send"),
    text: fc.option(fc.string()),
    model: fc.option(fc.string()),
    replaceFromSeq: fc.option(fc.nat()),
    expectedLastSeq: fc.option(fc.nat()),
    mode: fc.constantFrom("stream", "batch"),
    isFirst: fc.boolean(),
    state: fc.constantFrom("waiting", "sending", "rejected"),
    problem: fc.constant(null),
  }),
);

it("[DEV-12] [DEV-14] whatever this version has left in the outbox is understood by it", () => {
  fc.assert(fc.property(outgoing, (entry) => isOutgoing(structuredClone(entry))));
});
