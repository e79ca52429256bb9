// Every part of the design on one page, in light, dark and on a phone; the page of an error; the theme
// cookie on the server's side. Needs a running server (SHANYRAQ_URL) with any data.
import { journey } from "./lib.mjs";

await journey("all parts of the design", async (t) => {
  for (const [what, options] of [["light", {}], ["dark", { dark: true }], ["a phone", { phone: true }], ["a dark phone", { phone: true, dark: true }]]) {
    const p = await t.page(options);
    const answer = await p.goto(t.url("/styleguide"));
    t.is(answer.status(), 200, `${what}: the samples are served`);
    await t.accessible(p, what);
    await t.fits(p, what);
    t.ok(await p.evaluate(() => document.fonts.ready.then(() => [...document.fonts].some((f) => f.status === "loaded" && /PT Sans/.test(f.family)))), `${what}: the text is set in the program's own typeface`);
  }
});

await journey("the frame of every page", async (t) => {
  const p = await t.page();
  const answer = await p.goto(t.url("/there-is-no-such-page"));
  t.is(answer.status(), 404, "an unknown address answers 404");
  t.is(await p.locator("html").getAttribute("lang"), "kk", "the page says its language");
  await t.accessible(p, "the error page");
  await p.keyboard.press("Tab");
  t.is(await p.evaluate(() => document.activeElement.getAttribute("href")), "#main", "the first stop of the keyboard skips to the content");
  await p.getByRole("link", { name: "Русский" }).click();
  t.is(await p.locator("html").getAttribute("lang"), "ru", "the language switch works on an error page too");
  t.is(await p.locator("html").getAttribute("data-theme"), "auto", "without a choice the device decides between light and dark");
  await p.locator('[data-theme-choice] [value="dark"]').click();
  await p.reload();
  t.is(await p.locator("html").getAttribute("data-theme"), "dark", "the choice of dark is in the next page from the first paint");
});

await journey("without a script", async (t) => {
  const p = await t.page({ script: false, lang: "en" });
  await p.goto(t.url("/styleguide"));
  t.ok(await p.locator("main h1").isVisible(), "the page is there");
  t.ok(!(await p.locator("[data-theme-choice]").isVisible()), "what needs a script is not offered");
});
