/** The browser has changed its subscription by itself: the server is told of the new one in the place of the old [PUSH-1]. */

interface Subscription {
  readonly endpoint: string;
  readonly options: { readonly applicationServerKey: ArrayBuffer | null };
  toJSON(): { readonly keys?: Readonly<Record<string, string>> };
}

export interface PushChange<S extends Subscription> {
  readonly old: S | null | undefined;
  /** Where the browser has made one already. */
  readonly next: S | null | undefined;
  readonly subscribe: (key: ArrayBuffer) => Promise<S>;
  readonly post: (body: object) => Promise<unknown>;
}

/** Only what stood for the account is replaced. Without the old one the page does it, when it is opened next. */
export async function renewPush<S extends Subscription>({ old, next, subscribe, post }: PushChange<S>): Promise<void> {
  const key = old?.options.applicationServerKey;
  if (!old || !key) return;
  const subscription = next ?? (await subscribe(key));
  const { keys = {} } = subscription.toJSON();
  await post({ endpoint: subscription.endpoint, keys, replaces: old.endpoint });
}
