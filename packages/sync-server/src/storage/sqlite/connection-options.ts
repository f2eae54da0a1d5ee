/** How a database file is opened. Apart from the driver: whoever mounts the engine has this type and needs none of the driver's. */
export interface ConnectionOptions {
  readonly path: string;
  /** False gives up durability for speed: for tests and simulations only. */
  readonly isDurable: boolean;
  /** Checkpoint on commit after so many pages; 0 leaves checkpoints to someone else. */
  readonly checkpointPages: number;
  /** Told of every statement that runs: for tests that count them. */
  readonly onStatement?: ((sql: string) => void) | undefined;
}
