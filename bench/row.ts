/** One line of the table: our figure, what it is compared with, and what it should be. */
export interface Row {
  /** The target's id, such as `P1`. */
  readonly target: string;
  readonly what: string;
  readonly ours: string;
  /** The floor's or a peer's figure, named: from the same run, or marked as published, by design or not measured here. */
  readonly beside?: string;
  /** Ours to the other, as text: what is better says the target. */
  readonly ratio?: string;
  readonly goal: string;
}
