/**
 * Pictures from results: charts as Vega-Lite 5 specifications, figures of
 * photos, tables. Nothing here trains, reads files or knows Jupyter.
 *
 * @module
 */
export * from "./bar_chart.ts";
export * from "./chart.ts";
export * from "./chart_svg.ts";
export * from "./chart_table.ts";
export * from "./escape_html.ts";
export type { GridContents, PhotoRow } from "./grid_layout.ts";
export * from "./histogram_chart.ts";
export * from "./hover_chart.ts";
export * from "./loss_chart.ts";
export type { EpochLoss, LossRun, StepLoss } from "./loss_run.ts";
export * from "./palette.ts";
export * from "./photo_grid.ts";
export * from "./plane_chart.ts";
export * from "./rate_chart.ts";
export * from "./table.ts";
