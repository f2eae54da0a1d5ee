/** Keeps what breaks while it is rendered in its own place: the rest of the page goes on [SAFE-2]. */
import { Component, type ComponentChildren } from "preact";

export interface ErrorBoundaryProps {
  readonly children: ComponentChildren;
  readonly fallback: ComponentChildren;
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static override getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    return this.state.isBroken ? this.props.fallback : this.props.children;
  }
}
