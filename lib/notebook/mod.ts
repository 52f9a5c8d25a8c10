/**
 * What a notebook calls to show things and to be stopped: the only room that
 * knows Jupyter. Outside a kernel everything here does its work without a page.
 *
 * @module
 */
export * from "./bundles.ts";
export * from "./clock.ts";
export * from "./display.ts";
export * from "./latest_only.ts";
export * from "./live_training.ts";
export * from "./newest_run.ts";
export * from "./number_words.ts";
export * from "./open_codec.ts";
export * from "./open_section.ts";
export * from "./output_slot.ts";
export * from "./progress_html.ts";
export * from "./results_folder.ts";
export * from "./run_groups.ts";
export * from "./show.ts";
export * from "./show_figure.ts";
export * from "./stop_signal.ts";
export * from "./watch_run.ts";
