/** Ends what a subscription began. Calling it again does nothing. */
export type Disposer = () => void;
