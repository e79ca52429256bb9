// The researcher loads answers: a file with a column about persons, one with a wrong row, a good one, the same again; and
// looks at a closed quarter in three languages and on a phone. What is loaded is taken out again at the end.
import { journey, serverToday } from "./lib.mjs";

const PASSWORD = "Shanyraq-2025";
const now = new Date(await serverToday()), QUARTER = `${now.getFullYear()}-Q${Math.floor(now.getMonth() / 3) + 1}`; // under way: nothing is closed

async function send(t, page, name, body) {
  await page.goto(t.url(`/research/import?quarter=${QUARTER}`));
  await page.setInputFiles("[name=file]", { name, mimeType: "text/csv", buffer: Buffer.from(body) });
  await Promise.all([page.waitForLoadState(), page.locator("main form .button").first().click()]);
}

await journey("the researcher loads the answers of a quarter", async (t) => {
  const page = await t.page();
  await t.login(page, "researcher", PASSWORD);
  await page.goto(t.url("/research?lang=en"));
  t.ok(await page.getByRole("heading", { level: 1, name: "Research" }).isVisible(), "the fieldworks open");
  await t.accessible(page, "the list of fieldworks");
  const example = await (await page.context().request.get(t.url("/research/2025-Q3/example.csv"))).text();
  const lines = example.split(/\r?\n/).filter((l) => l);
  t.ok(lines.length > 1000, "the demonstration's answers come as a file");

  await send(t, page, "persons.csv", "stratum,psu,unit,ФИО\n1,2,3,x\n");
  t.ok((await page.textContent("main")).includes("looks as if it led to a person"), "a column with names is refused, in words");
  await t.accessible(page, "the refused file");

  const wrong = lines[2].replace(/,(m|f),/, ",zz,");
  await send(t, page, "wrong.csv", [lines[0], lines[1], wrong, lines[3]].join("\n") + "\n");
  const row = page.locator("table").first().locator("tbody tr").first();
  t.ok((await row.textContent()).includes("A1") && (await row.locator("td").first().textContent()).trim() === "3", "a wrong row names line and column");
  t.ok(!/kazakh|uzbek/.test(await page.textContent("main")), "the preview keeps self-identification covered");
  await t.accessible(page, "the errors of a file");
  await Promise.all([page.waitForLoadState(), page.locator("form[action$=accept] button").click()]);
  t.ok(page.url().endsWith("/accept"), "wrong rows are not left out silently");
  await page.check("[name=good_rows]");
  await Promise.all([page.waitForURL("**/research/" + QUARTER + "*"), page.locator("form[action$=accept] button").click()]);
  t.ok((await page.textContent("#files")).includes("2 of 3"), "the good rows are taken when that is said");

  await send(t, page, "good.csv", example);
  await Promise.all([page.waitForURL("**/research/" + QUARTER + "*"), page.locator("form[action$=accept] button").first().click()]);
  t.ok(await page.locator("#answers svg").first().isVisible(), "shares are drawn from the new answers");
  await t.accessible(page, "the fieldwork");
  await send(t, page, "good.csv", example);
  await Promise.all([page.waitForLoadState(), page.locator("form[action$=accept] button").first().click()]);
  t.ok((await page.textContent(".error-summary")).includes("not taken twice"), "the same file is not taken twice");
  await Promise.all([page.waitForLoadState(), page.locator("form[action$=discard] button").click()]);

  for (let left = 2; left > 0; left--) {
    await page.goto(t.url("/research/" + QUARTER));
    await page.locator("#files details summary").first().click();
    await Promise.all([page.waitForLoadState(), page.locator("form[action$=remove] button").first().click()]);
  }
  await page.goto(t.url("/research/" + QUARTER));
  t.ok((await page.locator("#files tbody tr").count()) === 0, "files are taken out again");
});

await journey("a closed quarter's survey can be read", async (t) => {
  const page = await t.page();
  await t.login(page, "researcher", PASSWORD);
  for (const lang of ["kk", "ru", "en"]) {
    await page.goto(t.url(`/research/2025-Q2?lang=${lang}`));
    t.ok((await page.locator("#estimates svg:visible").count()) === 2, `${lang}: estimates by district and over the quarters are drawn`);
    await t.accessible(page, `${lang}: the closed quarter`);
  }
  await page.setViewportSize({ width: 360, height: 800 });
  for (const path of ["/research", "/research/2025-Q2?question=A6", "/research/questionnaire", "/research/frame", "/research/import"]) {
    await page.goto(t.url(path));
    t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${path} fits a phone`);
    await t.accessible(page, `${path} on a phone`);
  }
});
