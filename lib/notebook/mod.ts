/**
 * What a notebook calls: the only room that knows Jupyter. Outside a kernel
 * everything here works without showing anything.
 *
 * @module
 */
export * from "./display.ts";
export * from "./latest_only.ts";
export * from "./live_training.ts";
export * from "./open_codec.ts";
export * from "./open_section.ts";
export * from "./progress_html.ts";
export * from "./results_folder.ts";
export * from "./show.ts";
export * from "./stop_signal.ts";
export * from "./stray_errors.ts";
export * from "./watch_run.ts";
