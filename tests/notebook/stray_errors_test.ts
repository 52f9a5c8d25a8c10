import { assertEquals } from "@std/assert";
import { showStrayErrors } from "@/notebook/mod.ts";
import { testPage } from "./_page.ts";

Deno.test("errors that no cell waits for are shown and do no more harm", () => {
  const { shown, display } = testPage();
  const events = new EventTarget();
  showStrayErrors(display, events);
  const quiet = Object.assign(new Error("lost"), { stack: "lost" });
  const rejection = Object.assign(
    new Event("unhandledrejection", { cancelable: true }),
    { reason: quiet },
  );
  events.dispatchEvent(rejection);
  events.dispatchEvent(
    Object.assign(new Event("error"), { error: "in a timer" }),
  );
  assertEquals(shown.map(({ bundle }) => bundle["text/plain"]), [
    "An error that no cell waited for: lost",
    "An error that no cell waited for: in a timer",
  ]);
  assertEquals(rejection.defaultPrevented, true);
});
