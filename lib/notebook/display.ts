/**
 * The way to a notebook's page. Everything in this room takes it as an
 * argument, so that the same code runs in a test, where nothing is shown.
 *
 * @see {@link https://jupyter-client.readthedocs.io/en/stable/messaging.html#display-data}
 * @module
 */

/** The same content in several formats, by MIME type. */
export type Bundle = Readonly<Record<string, unknown>>;

/** Where a bundle goes, and what belongs to it. */
export interface DisplayOptions {
  /** Name of the output, for later updates. */
  readonly id?: string;
  /** Replace the output of that name instead of adding one. */
  readonly update?: boolean;
  /** Alt text of the pictures in the bundle. */
  readonly alt?: string;
}

/** Shows a bundle below the running cell. */
export type Display = (
  bundle: Bundle,
  options?: DisplayOptions,
) => Promise<void>;

/**
 * The display of the notebook that runs this code.
 *
 * @returns Undefined outside a Jupyter kernel.
 */
export function jupyterDisplay(): Display | undefined {
  const jupyter = kernel();
  if (jupyter === undefined) return undefined;
  return async (bundle, { id, update = false, alt } = {}) => {
    await jupyter.broadcast(update ? "update_display_data" : "display_data", {
      data: bundle,
      metadata: alt === undefined ? {} : altMetadata(bundle, alt),
      transient: id === undefined ? {} : { display_id: id },
    });
  };
}

/** Outside a kernel, reading `Deno.jupyter` throws. */
function kernel(): typeof Deno.jupyter | undefined {
  try {
    return Deno.jupyter;
  } catch {
    return undefined;
  }
}

/** Converters of notebooks look for the alt text under the picture's type. */
function altMetadata(bundle: Bundle, alt: string): Record<string, unknown> {
  const pictures = Object.keys(bundle).filter((type) =>
    type.startsWith("image/")
  );
  return Object.fromEntries(pictures.map((type) => [type, { alt }]));
}
