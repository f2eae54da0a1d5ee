/** Tells of a call that failed, where nothing repeats it by itself. */
import { directFailureText } from "../errors/direct-failure-texts.ts";
import { tellingIn } from "./tell-failure.ts";

/** As `tellFailure`, with the words for who has to ask again. */
export const tellDirectFailure = tellingIn(directFailureText);
