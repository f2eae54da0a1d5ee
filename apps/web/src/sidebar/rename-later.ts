/** The field in which a conversation is named, loaded with the list, so that it is there at once when it is wanted. */
import { later } from "../design/later.tsx";

export const RenameField = later(async () => (await import("./rename-field.tsx")).RenameField, true);
