import { Button } from "@blueprintjs/core";
import { Component, type ErrorInfo, type ReactNode } from "react";

interface State {
  readonly error: Error | null;
}

/** A bug in a view must not take the window with it; the journal is safe on disk. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="iq-page" role="alert">
        <h1>This view stopped with an error</h1>
        <p>
          It is a defect in Inquest, not in your evidence. Everything you entered is in the journal;
          nothing was lost.
        </p>
        <pre className="iq-mono iq-card">{error.stack ?? error.message}</pre>
        <div>
          <Button
            intent="primary"
            text="Show the view again"
            onClick={() => {
              this.setState({ error: null });
            }}
          />
        </div>
      </div>
    );
  }
}
