import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { barChart, photoGrid } from "@/charts/mod.ts";
import { jupyterDisplay, show, showPhotos, showTable } from "@/notebook/mod.ts";
import { testPage } from "./_page.ts";

const bars = [{ name: "a", values: [1] }];
const chart = barChart({ title: "Bars", label: "dB", bars });
const grey = { width: 2, height: 2, data: new Uint8Array(12).fill(99) };

Deno.test("show gives the live chart, the picture and the words", async () => {
  const { shown, display } = testPage();
  await show(chart, display);
  assertEquals(shown.length, 1);
  const { bundle, options } = shown[0]!;
  assertEquals(Object.keys(bundle), [
    "application/vnd.vegalite.v5+json",
    "image/svg+xml",
    "text/plain",
  ]);
  assertEquals(bundle["application/vnd.vegalite.v5+json"], chart);
  assertStringIncludes(String(bundle["image/svg+xml"]), "<svg ");
  assertEquals(bundle["text/plain"], "Bars. dB: a 1.00.");
  assertEquals(options, { alt: "Bars. dB: a 1.00." });
});

Deno.test("showPhotos names the kind of picture by its bytes", async () => {
  const { shown, display } = testPage();
  for (const format of ["png", "jpeg"] as const) {
    const rows = [{ label: "", photos: [grey] }];
    await showPhotos(await photoGrid({ rows, format }), "Grey", display);
  }
  const types = shown.map(({ bundle }) => Object.keys(bundle)[0]);
  assertEquals(types, ["image/png", "image/jpeg"]);
  assertEquals(shown[0]!.options, { alt: "Grey" });
  assertStringIncludes(String(shown[0]!.bundle["image/png"]), "iVBORw0KGgo");
});

Deno.test("showPhotos refuses bytes of another kind", async () => {
  const { shown, display } = testPage();
  await assertRejects(
    () => showPhotos(new TextEncoder().encode("<svg/>"), "x", display),
    TypeError,
    'not one that starts with "3c737667"',
  );
  assertEquals(shown, []);
});

Deno.test("showTable escapes its values", async () => {
  const { shown, display } = testPage();
  const columns = [{ title: "<Model>" }];
  await showTable({ caption: "Quality", columns, rows: [["a&b"]] }, display);
  const html = String(shown[0]!.bundle["text/html"]);
  assertStringIncludes(html, "&lt;Model&gt;");
  assertStringIncludes(html, "a&amp;b");
});

Deno.test("outside Jupyter there is no display and show does nothing", async () => {
  assertEquals(jupyterDisplay(), undefined);
  await show(chart);
  await showPhotos(new Uint8Array(), "nothing");
  await showTable({ caption: "", columns: [], rows: [] });
});
