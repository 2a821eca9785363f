import { Component, type ReactNode } from 'react';

interface PageBoundaryProps {
  readonly children: ReactNode;
}
interface PageBoundaryState {
  readonly message: string | null;
}

/** A page that breaks must not take the kill switch with it. */
export class PageBoundary extends Component<PageBoundaryProps, PageBoundaryState> {
  override state: PageBoundaryState = { message: null };

  static getDerivedStateFromError(error: unknown): PageBoundaryState {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children;
    return (
      <div className="empty" role="alert">
        <p className="empty-title">This page broke: {this.state.message}</p>
        <p>
          Trading is not affected, and the kill switch above works. Go to another page and back, or reload the
          window.
        </p>
      </div>
    );
  }
}
