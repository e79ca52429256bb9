// What every browser journey needs: Chromium, a page that records what went wrong, axe, sign-in.
//
//     import { journey } from "./lib.mjs";
//     await journey("the clerk files a dispute", async (t) => {
//       const page = await t.page();
//       await t.login(page, "clerk", "password");
//       await page.goto(t.url("/disputes"));
//       t.ok(await page.getByRole("heading", { level: 1 }).isVisible(), "the register opens");
//       await t.accessible(page, "the register");
//     });
//
// The address of the running server comes from SHANYRAQ_URL (else http://127.0.0.1:8080). Output is TAP,
// one program each journey file. After each journey a page that broke the content security policy, threw
// an error, or asked another host fails it.
import { createRequire } from "node:module";
import { existsSync, readFileSync } from "node:fs";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axePath = require.resolve("axe-core/axe.min.js");

const base = process.env.SHANYRAQ_URL ?? "http://127.0.0.1:8080";
const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";
// Chromium's own calls to the network are off: a test machine may have none. WebGL is drawn by software.
const flags = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

let count = 0, failed = 0;

function ok(good, name, detail) {
  count++;
  if (!good) failed++;
  console.log(`${good ? "ok" : "not ok"} ${count} - ${name}`);
  if (!good && detail) console.log(String(detail).replace(/^/gm, "# "));
  return !!good;
}

/** The server's today, "2025-10-06": a demonstration has a calendar of its own. */
export async function serverToday() {
  const page = await (await fetch(new URL("/signin", base))).text();
  return /data-today="(\d{4}-\d{2}-\d{2})"/.exec(page)[1];
}

/** One journey: runs f, then checks what the pages reported. Ends the program's TAP at exit. */
export async function journey(name, f) {
  console.log("# " + name);
  if (!existsSync(chromiumPath)) return ok(true, `${name} # SKIP no ${chromiumPath}`);
  const browser = await chromium.launch({ executablePath: chromiumPath, args: flags });
  const t = new Journey(browser);
  try {
    await f(t);
  } catch (e) {
    ok(false, `${name} ran to its end`, e.stack);
  } finally {
    for (const p of t.pages) await t.violationsOf(p).catch(() => {});
    await browser.close();
  }
  ok(t.faults.length === 0, `${name}: no policy violation, script error or foreign host`, t.faults.join("\n"));
}

class Journey {
  constructor(browser) {
    this.browser = browser;
    this.pages = [];
    this.faults = [];
    this.ok = ok;
    this.is = (got, want, what) => ok(got === want, what, `got ${JSON.stringify(got)}, expected ${JSON.stringify(want)}`);
  }

  url(path) {
    return new URL(path, base).href;
  }

  /** A page in a fresh session. options: phone, dark, lang ("kk", "ru", "en"), script (false: none). */
  async page({ phone = false, dark = false, lang = "kk", script = true } = {}) {
    const context = await this.browser.newContext({
      viewport: phone ? { width: 360, height: 740 } : { width: 1280, height: 900 },
      hasTouch: phone,
      colorScheme: dark ? "dark" : "light",
      locale: lang,
      javaScriptEnabled: script,
      acceptDownloads: true,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15000);
    if (script)
      await page.addInitScript(() => {
        window.cspViolations = [];
        addEventListener("securitypolicyviolation", (e) => window.cspViolations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile ?? ""}`));
      });
    page.on("pageerror", (e) => this.faults.push(`${page.url()}: ${e.message}`));
    page.on("console", (m) => {
      if (/Content Security Policy/i.test(m.text())) this.faults.push(`${page.url()}: ${m.text()}`);
    });
    page.on("request", (r) => {
      const host = new URL(r.url());
      if (/^https?:$/.test(host.protocol) && host.host !== new URL(base).host) this.faults.push(`${page.url()} asked ${host.host}`);
    });
    this.pages.push(page);
    return page;
  }

  async violationsOf(page) {
    if (page.isClosed()) return;
    for (const v of await page.evaluate(() => window.cspViolations ?? [])) this.faults.push(`${page.url()}: ${v}`);
  }

  /** Signs in through the page, as a person does. path: where the sign-in form is. */
  async login(page, login, password, path = "/signin") {
    await page.goto(this.url(path));
    await page.locator('input[name="login"]').fill(login);
    await page.locator('input[name="password"]').fill(password);
    await Promise.all([page.waitForURL((u) => u.pathname !== path), page.locator('main form button[type="submit"], main form button:not([type])').first().click()]);
  }

  /** No fault that axe knows (WCAG 2.2 A and AA). Runs outside of the page's policy. */
  async accessible(page, what, options = {}) {
    await page.evaluate(readFileSync(axePath, "utf8") + ";0");
    const result = await page.evaluate((o) => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], ...o }), options);
    const list = result.violations.map((v) => `${v.id}: ${v.help}\n` + v.nodes.map((n) => "  " + n.html.slice(0, 200)).join("\n"));
    return ok(list.length === 0, `${what} is accessible`, list.join("\n"));
  }

  /** Nothing is wider than the window: no sideways scrolling. */
  async fits(page, what) {
    const [page_width, window_width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    return ok(page_width <= window_width, `${what} fits the window`, `${page_width} > ${window_width}`);
  }

  /** The focus visits these by the Tab key, in order: pieces of the elements' text or name. */
  async tabs(page, wanted, what) {
    const seen = [];
    for (let i = 0; i < 60 && seen.length < wanted.length; i++) {
      await page.keyboard.press("Tab");
      const text = await page.evaluate(() => {
        const e = document.activeElement;
        return [e?.textContent, e?.getAttribute("aria-label"), e?.getAttribute("name")].filter(Boolean).join(" ").trim();
      });
      if (text.includes(wanted[seen.length])) seen.push(wanted[seen.length]);
    }
    return ok(seen.length === wanted.length, what, `reached ${seen.join(", ") || "none"} of ${wanted.join(", ")}`);
  }
}

process.on("exit", () => {
  console.log(`1..${count}`);
  if (failed) process.exitCode = 1;
});
