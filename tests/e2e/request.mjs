// Somebody without an account asks for mediation on a phone and follows the request by the secret link; the clerk reads it.
import { journey, serverToday } from "./lib.mjs";

const today = await serverToday();

async function fill(page, summary) {
  await page.locator("#occurred_on").fill(today);
  await page.locator("#kind").selectOption("livestock");
  await page.locator("#summary").fill(summary);
  await page.locator("#name").fill("Айгүл Сынақ");
  await page.locator("#contact").fill("+7 700 000 00 00");
}

let number;
await journey("a villager asks for mediation in Kazakh, without script", async (t) => {
  const page = await t.page({ phone: true, script: false });
  await page.goto(t.url("/?lang=kk"));
  await t.fits(page, "the front page");
  await page.locator('main a[href="/request"]').first().click();
  await page.waitForURL(t.url("/request"));
  t.ok(await page.locator('.notice-danger a[href="tel:112"]').isVisible(), "102 and 112 stand at the top");
  await t.fits(page, "the form");
  const place = await page.locator("#places option").nth(1).getAttribute("value");
  await fill(page, "Көршінің сиыры ауламызға кіріп кетті");
  await page.locator("#place").fill("ондай орын жоқ");
  await page.locator("main form button").click();
  t.ok(await page.locator("#place-error").isVisible(), "a place that there is not is told at its field");
  t.is(await page.locator("#summary").inputValue(), "Көршінің сиыры ауламызға кіріп кетті", "nothing typed is lost");
  await page.locator("#place").fill(place);
  await page.locator("main form button").click();
  await page.waitForURL(/\/request\/[\w-]{43}$/);
  const link = page.url(), told = await page.locator("main").innerText();
  number = /\d{4}-\d{4,}/.exec(told)?.[0];
  t.ok(number, "it gets a number");
  t.ok(told.includes(new URL(link).pathname), "and a secret link");
  t.ok(!/сиыр|Айгүл|700/.test(told), "the page tells nothing of what was written");
  await t.fits(page, "the page of the link");

  const later = await t.page({ phone: true, lang: "ru" });
  const answer = await later.goto(link);
  t.is(answer.headers()["referrer-policy"], "no-referrer", "the address goes to no other site");
  t.ok(/noindex/.test(answer.headers()["x-robots-tag"]), "nor to a search engine");
  await later.goto(link + "?lang=ru");
  t.ok((await later.locator("main").innerText()).includes("Ваше обращение получено"), "the link opens elsewhere, in another language");
  await t.accessible(later, "the page of the link");
  t.is((await later.goto(link.slice(0, -6) + "AAAAAA")).status(), 404, "another address shows nothing");
});

await journey("a townswoman asks in Russian", async (t) => {
  const page = await t.page({ phone: true, lang: "ru" });
  await page.goto(t.url("/request?lang=ru"));
  await t.accessible(page, "the form");
  await t.tabs(page, ["112", "102", "place", "occurred_on"], "the form is filled by the keyboard in its order");
  await page.locator("main form button").click();
  t.ok(await page.locator(".error-summary").isVisible(), "what is missing is told");
  await t.accessible(page, "the form with its messages");
  await page.locator("#place").fill(await page.locator("#places option").nth(2).getAttribute("value"));
  await fill(page, "Соседи спорят о воде");
  await page.locator("main form button").click();
  await page.waitForURL(/\/request\/[\w-]{43}$/);
  await t.fits(page, "the page of the link in Russian");
});

await journey("the clerk finds the request in the register and reads it", async (t) => {
  const page = await t.page();
  await t.login(page, "clerk", "Shanyraq-2025");
  await page.goto(t.url("/disputes?state=intake"));
  await page.getByRole("link", { name: number }).first().click();
  await page.waitForURL(/\/disputes\/[0-9A-Z]{13}$/);
  const told = await page.locator("main").innerText();
  t.ok(told.includes("Көршінің сиыры ауламызға кіріп кетті") && told.includes("Айгүл Сынақ"), "it is open for the clerk");
});
