/** Stop, from wherever it is pressed: a reply that goes on all the same says why. */
import type { Device } from "../sync/device.ts";
import { tellFailure } from "../toasts/tell-failure.ts";
import type { ToastStore } from "../toasts/toast-store.ts";

export function askToStop({ turns }: Pick<Device, "turns">, toasts: ToastStore, id: string): void {
  void tellFailure(toasts, `stop-${id}`, turns.stop(id));
}
