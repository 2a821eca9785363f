/** Ends a subscription or gives back a resource. Calling it twice does no harm. */
export type Disposer = () => void;
