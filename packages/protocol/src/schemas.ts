/** Every schema of the wire: for servers and tests. Devices import types only, so that no schema library reaches a page. */
export * from "./config.ts";
export * from "./conversation.ts";
export * from "./import.ts";
export * from "./message.ts";
export * from "./passkey.ts";
export * from "./preset.ts";
export * from "./problem.ts";
export * from "./push.ts";
export * from "./sign-in.ts";
export * from "./sync.ts";
export * from "./turn.ts";
