// The ethnomap and the passports: a question is asked, a settlement is clicked, its passport is read; the same by table,
// without script, on a phone, as a partner.
import { journey } from "./lib.mjs";

const password = process.env.SHANYRAQ_PASSWORD ?? "Shanyraq-2025";
const ready = (page) => page.waitForFunction(() => document.getElementById("map")?.dataset.ready, null, { timeout: 30000 });

await journey("the head of the institution asks the map and opens a passport", async (t) => {
  const page = await t.page({ lang: "en" });
  await t.login(page, "head", password);
  await page.goto(t.url("/map?lang=en"));
  await ready(page);
  const rows = page.locator("table tbody tr[data-unit]");
  t.is(await rows.count(), 17, "the table has the seventeen districts and cities");
  await page.locator("#indicator").selectOption("unemployment");
  await page.locator("form.filters button").click();
  await page.waitForURL(/indicator=unemployment/);
  await ready(page);
  t.ok((await page.locator("table caption").innerText()).includes("Unemployment"), "the chosen indicator stands over the table");
  t.ok((await page.locator(".legend li").count()) >= 4, "the legend says the classes in words");
  await t.accessible(page, "the ethnomap");

  // What the canvas shows is checked by what a click on it opens: the settlement at the middle of a small map.
  const place = await page.evaluate(async () => {
    const all = await (await fetch("/attention?format=json")).json();
    const list = Object.values(all).find((v) => Array.isArray(v) && v.length && "territory_id" in v[0]);
    return list?.find((p) => p.lon !== null) ?? null;
  });
  t.ok(place, "a settlement under attention has a point");
  await page.goto(t.url("/places/" + place.territory_id));
  await ready(page);
  t.ok(await page.locator("h1").isVisible(), "its passport opens");
  t.ok((await page.getByText("Settlement under attention").count()) > 0, "it says that the place is under attention");
  await t.accessible(page, "a passport");
  const box = await page.locator("#map canvas").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForSelector(".map-tip:not([hidden])");
  t.ok((await page.locator(".map-tip strong").innerText()).length > 0, "the map names what is under the pointer");
  await Promise.all([page.waitForNavigation(), page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)]);
  t.ok(page.url().includes("/places/" + place.territory_id), "a click on a settlement opens its passport");

  await page.goto(t.url("/map?indicator=unemployment"));
  await ready(page);
  await rows.first().locator("a").click();
  await page.waitForURL(/\/places\//);
  t.ok(await page.getByRole("heading", { name: "Who lives here" }).isVisible(), "the table leads to the passport of a district");
  await page.locator("nav.breadcrumbs a").first().click();
  await page.waitForURL(/\/map/);
  t.ok(true, "and back to the map");
});

await journey("the map of another day", async (t) => {
  const page = await t.page({ lang: "ru" });
  await t.login(page, "head", password);
  await page.goto(t.url("/map?date=2018-01-01"));
  await ready(page);
  t.is(await page.locator("table tbody tr[data-unit]").count(), 15, "on 1 January 2018 there were fifteen, Shymkent among them");
  t.ok((await page.locator("ol.timeline li.ahead").count()) >= 3, "splits that came later are marked as still to come");
});

await journey("a figure is added to a passport", async (t) => {
  const page = await t.page({ lang: "en" });
  await t.login(page, "head", password);
  const list = await (await page.request.get(t.url("/map?format=json"))).json();
  await page.goto(t.url(list.units[0].href + "?lang=en"));
  await page.getByText("Add a figure").click();
  await page.locator("#indicator").selectOption("internet_access");
  await page.locator("#value").fill("140");
  await page.locator("#period").fill("2024");
  await page.locator("#source").fill("Akimat of the district, letter 12");
  await page.locator('form.form button').click();
  t.ok((await page.locator(".field-error").first().innerText()).includes("100"), "a share above 100 % is refused at its field");
  t.is(await page.locator("#source").inputValue(), "Akimat of the district, letter 12", "what was typed is kept");
  await page.locator("#value").fill("91.5");
  await page.locator("#period").fill("19" + String(10 + Math.floor(Math.random() * 80)));
  await page.locator('form.form button').click();
  await page.waitForURL((u) => !u.pathname.endsWith("/figures"));
  t.ok(await page.getByRole("heading", { level: 1 }).isVisible(), "a good one is recorded");
});

await journey("without script the map is a picture and a table", async (t) => {
  const page = await t.page({ lang: "ru", script: false });
  await t.login(page, "head", password);
  await page.goto(t.url("/map?indicator=unemployment&sort=-value"));
  const img = page.locator("#map img");
  t.ok(await img.isVisible(), "the map is drawn by the program");
  t.ok((await page.request.get(t.url(await img.getAttribute("src")))).headers()["content-type"].startsWith("image/svg"), "as SVG");
  const values = (await page.locator("tbody tr td:nth-child(2)").allInnerTexts()).map((s) => parseFloat(s.replace(",", ".")));
  t.ok(values.every((v, i) => i === 0 || v <= values[i - 1]), "the table is sorted by the server");
});

await journey("a partner reads aggregates only", async (t) => {
  const page = await t.page({ lang: "ru" });
  await t.login(page, "prosecutor", password);
  await page.goto(t.url("/map?indicator=disputes"));
  await ready(page);
  t.ok((await page.locator("table .protected").count()) > 0, "small counts are protected");
  t.is(await page.locator(".legend .settlement-attention").count(), 0, "settlements under attention are not marked");
  const map = await (await page.request.get(t.url("/map?indicator=disputes&format=json"))).json();
  t.ok(map.units.every((u) => !u.protected || (u.value === null && u.n === null && u.class === 0)), "the JSON holds no protected value");
  t.is((await page.request.get(t.url("/attention"), { maxRedirects: 0 })).status(), 403, "the list of places under attention is closed");
});

await journey("on a phone", async (t) => {
  const page = await t.page({ phone: true, lang: "kk" });
  await t.login(page, "head", password);
  await page.goto(t.url("/map"));
  await ready(page);
  await t.fits(page, "the ethnomap");
  await page.locator("table tbody tr[data-unit] a").first().click();
  await page.waitForURL(/\/places\//);
  await t.fits(page, "a passport");
  await t.accessible(page, "a passport on a phone");
});
