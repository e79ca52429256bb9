// Pages of every office: sign-in, one's own account, administration, the guide. In three languages, on a phone, in
// the dark. Needs a running server (SHANYRAQ_URL) with the demonstration. SHOTS=DIR keeps a picture of each.
import { journey } from "./lib.mjs";

const shots = process.env.SHOTS;
const password = "Shanyraq-2025";
const admin = ["/account", "/admin", "/admin/accounts", "/admin/permissions", "/admin/settings", "/admin/calendar", "/admin/audit", "/admin/health"];
const open = ["/signin", "/guide", "/guide/case", "/guide/protection", "/about"];
const looks = [["kk", {}], ["ru", { dark: true }], ["en", { phone: true }]];

async function look(t, page, path, name) {
  const answer = await page.goto(t.url(path));
  t.is(answer.status(), 200, `${name}: ${path} is served`);
  await t.accessible(page, `${name}: ${path}`);
  await t.fits(page, `${name}: ${path}`);
  if (shots) await page.screenshot({ path: `${shots}/${name.replace(/\W+/g, "-")}${path.replace(/\W+/g, "-")}.png`, fullPage: true });
}

for (const [lang, how] of looks) {
  const name = [lang, how.phone && "phone", how.dark && "dark"].filter(Boolean).join(" ");
  await journey(`what everybody may open, ${name}`, async (t) => {
    const page = await t.page({ lang, ...how });
    for (const path of open) await look(t, page, path, name);
  });
  await journey(`administration, ${name}`, async (t) => {
    const page = await t.page({ lang, ...how });
    await t.login(page, "administrator", password);
    await page.goto(t.url(`/account?lang=${lang}`));
    for (const path of admin) await look(t, page, path, name);
    await page.goto(t.url("/admin/accounts"));
    await look(t, page, await page.locator("main table a[href^='/admin/accounts/']").first().getAttribute("href"), `${name} one account`);
  });
}

await journey("the guide leads through its pages, and works without script", async (t) => {
  const page = await t.page({ lang: "ru", script: false });
  await page.goto(t.url("/guide/start"));
  for (let i = 0; i < 11; i++) await page.locator("a[rel=next]").click();
  t.is(new URL(page.url()).pathname, "/guide/demonstration", "the last page is reached by the links at the foot");
  t.is(await page.locator("a[rel=next]").count(), 0, "and leads no further");
});
