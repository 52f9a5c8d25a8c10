/**
 * What happens to a page that its images have to know: scrolling, other sizes,
 * another zoom, print, and a network that comes back. All images of a page share
 * the observers.
 *
 * @module
 */
/// <reference lib="dom" />

/** An image that is told. */
export interface WatchedImage extends Element {
  /** It came near to what is on the screen, or left it. */
  isNear(near: boolean): void;
  /** It came within a few screens, or left them. */
  isFar(far: boolean): void;
  /** Its size or the ratio of the screen's pixels to CSS's has changed. */
  sizeChanged(): void;
  /** The page is printed, or no longer. */
  isPrinted(printed: boolean): void;
  /** The network is back. */
  isOnline(): void;
}

const images = new Set<WatchedImage>();
let observers: readonly (IntersectionObserver | ResizeObserver)[] | undefined;

/**
 * Begins to tell an image what happens.
 *
 * @param image An image of the page.
 */
export function watch(image: WatchedImage): void {
  observers ??= startWatching();
  images.add(image);
  for (const observer of observers) observer.observe(image);
}

/**
 * Ends what {@linkcode watch} began.
 *
 * @param image An image that has left the page.
 */
export function unwatch(image: WatchedImage): void {
  images.delete(image);
  for (const observer of observers ?? []) observer.unobserve(image);
}

function startWatching(): readonly (IntersectionObserver | ResizeObserver)[] {
  addEventListener("beforeprint", () => tellAll((one) => one.isPrinted(true)));
  addEventListener("afterprint", () => tellAll((one) => one.isPrinted(false)));
  addEventListener("online", () => tellAll((one) => one.isOnline()));
  watchRatio();
  return [
    seen("100%", (image, inside) => image.isNear(inside)),
    seen("400%", (image, inside) => image.isFar(!inside)),
    new ResizeObserver((entries) => {
      for (const { target } of entries) (target as WatchedImage).sizeChanged();
    }),
  ];
}

function tellAll(tell: (image: WatchedImage) => void): void {
  for (const image of images) tell(image);
}

function seen(
  rootMargin: string,
  tell: (image: WatchedImage, inside: boolean) => void,
): IntersectionObserver {
  return new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      tell(target as WatchedImage, isIntersecting);
    }
  }, { rootMargin });
}

/** A query holds for one ratio, so there is a new one after each change. */
function watchRatio(): void {
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
    .addEventListener("change", () => {
      tellAll((image) => image.sizeChanged());
      watchRatio();
    }, { once: true });
}
