/** As much of a browser as signing in takes: cookies, redirects one by one, and forms. */

export interface Page {
  readonly status: number;
  readonly url: string;
  readonly text: string;
  /** Where it leads on; null where it stands. */
  readonly location: string | null;
  readonly headers: Headers;
}

interface Sent {
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly json?: string;
}

export class PlainBrowser {
  readonly #cookies = new Map<string, string>();

  /** The cookies that it has for a host, as it sends them. */
  cookiesFor(url: string): string {
    const { hostname } = new URL(url);
    const own = [...this.#cookies].filter(([key]) => key.startsWith(`${hostname} `));
    return own.map(([key, value]) => `${key.split(" ")[1] ?? ""}=${value}`).join("; ");
  }

  async open(url: string, { form, headers = {}, method, json }: Sent = {}): Promise<Page> {
    const response = await fetch(url, {
      method: method ?? (form ? "POST" : "GET"),
      redirect: "manual",
      headers: { cookie: this.cookiesFor(url), ...headers },
      ...(form && { body: new URLSearchParams(form) }),
      ...(json !== undefined && { body: json }),
    });
    for (const line of response.headers.getSetCookie()) this.#keep(url, line);
    const text = await response.text();
    const location = response.headers.get("location");
    const next = location === null ? null : new URL(location, url).href;
    return { status: response.status, url, text, location: next, headers: response.headers };
  }

  #keep(url: string, line: string): void {
    const [pair = ""] = line.split(";");
    const at = pair.indexOf("=");
    const key = `${new URL(url).hostname} ${pair.slice(0, at)}`;
    const isGone = /max-age=0/i.test(line) || /expires=Thu, 01 Jan 1970/i.test(line);
    if (isGone) this.#cookies.delete(key);
    else this.#cookies.set(key, pair.slice(at + 1));
  }
}
