/** The engine of conversation sync: what a program that mounts it can use. */
export { checkEverything } from "./checker.ts";
export { createEngine } from "./create-engine.ts";
export { ENGINE_DEFAULTS, type EngineLimits, type EngineOptions, type EngineParts } from "./engine-core.ts";
export * from "./engine.ts";
export { systemEnvironment, type EngineEnvironment } from "./environment.ts";
export type { EndedReply } from "./replies/ended-reply.ts";
export { packConversations, type PackedConversations } from "./packed-conversations.ts";
export { isRefusal } from "./refusal.ts";
export type { Storage } from "./storage/storage.ts";
