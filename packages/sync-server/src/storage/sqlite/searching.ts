/** How a storage searches: apart from everything else, in a thread of its own, or among its reads. */
import type { Dated, SearchAnswer } from "@instep/protocol";
import type { Outcome } from "../../refusal.ts";
import type { SearchQuestion } from "../../search.ts";

export interface Searching {
  search(question: SearchQuestion): Promise<Outcome<Dated<SearchAnswer>>>;
  /** Refuses what waits, and lets go of the file once what runs has ended. */
  close(): Promise<void>;
}
