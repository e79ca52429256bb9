// Small helpers that more than one island needs.

/** What a page hands to its script: data-NAME as JSON, or the fallback where it is absent or broken. */
export function dataJson<T>(el: HTMLElement, name: string, fallback: T): T {
  const text = el.dataset[name];
  if (!text) return fallback;
  try {
    return JSON.parse(text) as T;
  } catch {
    return fallback;
  }
}

/** A path of ours, never another host: what tiles or answers name as a link is checked before use. */
export function ownPath(href: unknown): string | null {
  if (typeof href !== "string" || !/^\/(?![/\\])/.test(href)) return null;
  return href;
}

/** Calls f once the calls have paused for ms. */
export function paused<A extends unknown[]>(ms: number, f: (...args: A) => void): (...args: A) => void {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => f(...args), ms);
  };
}

/** A colour token as the browser computes it, light or dark. */
export function colour(token: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(--${token})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** Calls f when the page turns light or dark, by the device or by the reader's choice. */
export function onThemeChange(f: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", f);
  document.addEventListener("themechange", f);
}
