/** The message box gets the focus, wherever it is asked for: whoever asks need not know what it is. */
export function focusBox(): void {
  document.querySelector<HTMLElement>("#message-input")?.focus();
}
