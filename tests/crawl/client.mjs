// A small browser without a window: keeps cookies, reads links, forms and text out of pages. For the crawler.
const base = process.env.SHANYRAQ_URL;
export const PASSWORD = process.env.SHANYRAQ_PASSWORD ?? "Shanyraq-2025";

export class Client {
  constructor(role) {
    this.role = role;
    this.cookies = new Map();
    this.csrf = "";
  }

  /** {status, type, headers, text, location}; follows nothing. */
  async ask(path, { method = "GET", json = false, form, body, headers = {}, lang } = {}) {
    const cookies = new Map(this.cookies);
    if (lang) cookies.set("lang", lang);
    const answer = await fetch(base + path, {
      method,
      redirect: "manual",
      headers: {
        cookie: [...cookies].map(([k, v]) => `${k}=${v}`).join("; "),
        accept: json ? "application/json" : "text/html",
        ...(form ? { "content-type": "application/x-www-form-urlencoded" } : {}),
        ...headers,
      },
      body: form ? new URLSearchParams(form).toString() : body,
    });
    if (!lang)
      for (const line of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
        this.cookies.set(name, value);
      }
    const type = (answer.headers.get("content-type") ?? "").split(";")[0];
    const bytes = Buffer.from(await answer.arrayBuffer());
    const text = /text|json|xml|javascript/.test(type) ? bytes.toString() : "";
    const token = /name="csrf" value="([^"]+)"/.exec(text);
    if (token) this.csrf = token[1];
    return { path, status: answer.status, type, headers: answer.headers, text, size: bytes.length, location: answer.headers.get("location") };
  }

  async signIn() {
    const a = await this.ask("/signin", { method: "POST", form: { login: this.role, password: PASSWORD } });
    await this.ask("/account");
    return a.status === 303 && this.cookies.has("session");
  }
}

const entity = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#34": '"' };
const decode = (s) => s.replace(/&(amp|lt|gt|quot|#39|#34);/g, (_, e) => entity[e]);

/** Addresses of this server that a page leads to or loads. */
export function links(html, from) {
  const found = new Set();
  for (const [, , href] of html.matchAll(/<(a|link|script|img|use|iframe)\b[^>]*?\s(?:href|src)="([^"]*)"/g)) found.add(decode(href));
  for (const [form] of html.matchAll(/<form\b[^>]*>/g))
    if (/method="get"/i.test(form) || !/method=/i.test(form)) found.add(decode(/action="([^"]*)"/.exec(form)?.[1] ?? ""));
  const own = [];
  for (const href of found) {
    if (!href || /^(mailto|tel|data|javascript):/.test(href)) continue;
    const url = new URL(href, base + from);
    if (url.origin === new URL(base).origin) own.push(url.pathname + url.search);
  }
  return own;
}

/** Forms that send: [{action, names}]. */
export function forms(html, from) {
  const list = [];
  for (const [, open, inside] of html.matchAll(/(<form\b[^>]*>)([\s\S]*?)<\/form>/g)) {
    if (!/method="post"/i.test(open)) continue;
    const action = decode(/action="([^"]*)"/.exec(open)?.[1] ?? from);
    list.push({ action: new URL(action, base + from).pathname, csrf: /name="csrf"/.test(inside) });
  }
  return list;
}

/** What a person reads: without tags, scripts, code and what is marked as another language. */
export function words(html) {
  return decode(
    html
      .replace(/<(script|style|svg|code|pre|textarea)\b[\s\S]*?<\/\1>/g, " ")
      .replace(/<(\w+)\b[^>]*\s(?:lang="(?:en|kk|ru)"|translate="no")[^>]*>[^<]*<\/\1>/g, " ")
      .replace(/<(?!html)[^>]*>/g, "\n")
      .replace(/<[^>]*>/g, "\n"),
  );
}
