/** The addresses that a message defines apart from its links. */
import { createContext } from "preact";
import type { Definitions } from "./grammar.ts";

export const DefinitionsContext = createContext<Definitions>({});
