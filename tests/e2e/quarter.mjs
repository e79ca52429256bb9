// The head closes a quarter: progress, files, signature, languages, a phone; without script. Needs a server with the
// demonstration at SHANYRAQ_URL; its last quarter is left open for this.
import { journey } from "./lib.mjs";

const PASSWORD = "Shanyraq-2025";
const QUARTER = "/quarter/2025-Q3";

await journey("the head closes and signs a quarter without script", async (t) => {
  const page = await t.page({ script: false });
  await t.login(page, "head", PASSWORD);
  await page.goto(t.url(`${QUARTER}?lang=en`));
  await page.getByRole("button", { name: "Close the quarter" }).click();
  for (let i = 0; i < 120 && !(await page.getByRole("button", { name: "Sign off" }).count()); i++) {
    await page.waitForTimeout(500);
    await page.goto(t.url(QUARTER));
  }
  t.ok(await page.getByText("closed, waits for a signature").first().isVisible(), "the quarter is closed");
  for (const name of ["report-2025-Q3-kk.docx", "report-2025-Q3-ru.pdf", "report-2025-Q3-en.xlsx", "report.json"]) {
    const file = await page.request.get(t.url(`${QUARTER}/files/${name}`));
    t.is(file.status(), 200, `${name} can be had`);
    t.ok(file.headers()["content-disposition"].includes(name), "under its name");
    t.ok((await file.body()).length > 1000, "and holds something");
  }
  await page.getByRole("button", { name: "Sign off" }).click();
  t.ok(await page.locator(".error-summary").isVisible(), "nobody cannot sign");
  await page.fill("#name", "Ә. Басшы");
  await page.getByRole("button", { name: "Sign off" }).click();
  t.ok(await page.getByText("Signed off by Ә. Басшы").isVisible(), "who signed stands on the page");
});

await journey("the report is read in three languages, on a phone too", async (t) => {
  const page = await t.page({ phone: true });
  await t.login(page, "head", PASSWORD);
  for (const lang of ["kk", "ru", "en"]) {
    const answer = await page.goto(t.url(`${QUARTER}?lang=${lang}`));
    t.is(answer.status(), 200, `the page in ${lang}`);
    t.is(await page.getAttribute("html", "lang"), lang, "says its language");
    t.ok((await page.locator("main article, article").count()) > 0, "and holds the report");
    await t.fits(page, `the quarter in ${lang} on a phone`);
  }
  const press = await t.page();
  await t.login(press, "press", PASSWORD);
  await press.goto(t.url(QUARTER));
  t.is(await press.locator(`form[action^="${QUARTER}/"]`).count(), 0, "who only reads sees no button");
});
