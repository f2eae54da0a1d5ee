/** Out of the account's page, which the browser may keep as it is for whoever goes back. */
import { listenTo } from "../listen-to.ts";

/** Begins the page anew; the one that is left shows nothing any more, whether its server can be asked or not [SIGN-3]. */
export function leavePage(): void {
  listenTo(
    window,
    {
      // Not sooner: asked whether to leave, one may stay.
      pagehide: () => void (document.body.style.display = "none"),
      pageshow: () => location.reload(),
    },
    { once: true },
  );
  location.assign("/");
}
