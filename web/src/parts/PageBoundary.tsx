// What a page throws stays in its place: the bar goes on working, and the next page is drawn.

import { Component, Suspense, type ErrorInfo, type JSX, type ReactNode } from 'react';
import { useLocation } from 'wouter';

export function PageBoundary({ children }: { readonly children: ReactNode }): JSX.Element {
  const [path] = useLocation();
  return (
    <Boundary key={path.split('/', 2).join('/')}>
      <Suspense>{children}</Suspense>
    </Boundary>
  );
}

class Boundary extends Component<{ readonly children: ReactNode }, { readonly error: Error | null }> {
  override readonly state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo): void {
    globalThis.reportError?.(new Error(`a page failed${componentStack ?? ''}`, { cause: error }));
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <section className="panel" aria-label="Failed">
        <div className="trouble" role="alert">
          <span>This page failed: {error.message}</span>
          <button type="button" className="btn small" onClick={() => globalThis.location.reload()}>
            Load it again
          </button>
        </div>
      </section>
    );
  }
}
