/**
 * Whether the figures of a page serve every reader.
 *
 * @module
 */

/**
 * Look for charts without a picture or a table, and pictures without words.
 *
 * @param html A page.
 * @returns Faults, each in words that go on from the page's name.
 */
export function figureFaults(html: string): string[] {
  const charts = html.match(/<figure class="chart">[\s\S]*?<\/figure>/g) ?? [];
  const images = html.match(/<img\b(?:[^>"]|"[^"]*")*>/g) ?? [];
  return [
    ...charts.flatMap((chart) => [
      ...(/<svg\b[^>]*\saria-label="[^"]+"/.test(chart)
        ? []
        : ["has a chart without a picture"]),
      ...(/<table>[\s\S]*<td\b/.test(chart)
        ? []
        : ["has a chart without a table of its numbers"]),
    ]),
    ...images.filter((image) => !/\salt="[^"]+"/.test(image))
      .map(() => "has a picture without alt text"),
  ];
}
