/** The element `<onecode-image>`; importing the module defines it. */
export declare class OnecodeImage extends HTMLElement {
  /**
   * The folder with `worker.js`, weights and the files of the wasm backend; by
   * default that of the script. A page that bundles the script sets it.
   */
  static folder: URL;
  /** Address of the file. */
  src: string;
  /** The image that is shown. */
  readonly shown: "thumbnail" | "medium" | "high" | undefined;
  /** Whether the image that the layout needs is shown, or the largest there is. */
  readonly complete: boolean;
  /** Bytes that were received, of all files that the element was given. */
  readonly receivedBytes: number;
}

declare global {
  interface HTMLElementTagNameMap {
    "onecode-image": OnecodeImage;
  }
}
