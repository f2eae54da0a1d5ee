/** The field in which a conversation is named, loaded with the list, so that it is there at once when it is wanted. */
import { quietLazyPart } from "../design/lazy-part.tsx";

export const RenameField = quietLazyPart(async () => (await import("./rename-field.tsx")).RenameField);
