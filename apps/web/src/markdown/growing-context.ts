/** Whether more of the message is coming. */
import { createContext } from "preact";

export const GrowingContext = createContext(false);
