// Ten thousand connections are opened and ask nothing: the server's limit holds, its memory stays flat, and whoever does
// ask is answered meanwhile. Loopback only. Beside tests/with-demo; the argument is how many files we may open. TAP.
import { readFileSync, readdirSync } from "node:fs";
import net from "node:net";
import { Client } from "../crawl/client.mjs";

const files = process.argv[2] === "unlimited" ? 1e6 : Number(process.argv[2]);
const wanted = Math.min(10000, files - 500);
const LIMIT = 1000; // connections that the server holds at a time (src/http/server.h)
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const url = new URL(process.env.SHANYRAQ_URL);
const memory = () => Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${process.env.SHANYRAQ_PID}/status`, "utf8"))[1]) / 1024;
const sockets = () => readdirSync(`/proc/${process.env.SHANYRAQ_PID}/fd`).length;

let count = 0, failed = 0;
function ok(good, name, detail = "") {
  count++;
  if (!good) failed++;
  console.log(`${good ? "ok" : "not ok"} ${count} - ${name}`);
  if (!good) console.log(String(detail).replace(/^/gm, "# "));
}

const clerk = new Client("clerk");
ok(await clerk.signIn(), "the clerk signs in");
for (let i = 0; i < 20; i++) await clerk.ask("/disputes");
const before = memory(), files_before = sockets();

let opened = 0, refused = 0, most = 0;
const held = new Set();
function open() {
  return new Promise((done) => {
    const s = net.connect({ host: url.hostname, port: url.port });
    s.once("connect", () => { opened++; held.add(s); done(); });
    s.once("error", () => { refused++; done(); });
    s.once("close", () => held.delete(s));
    s.resume();
  });
}

// While they come, somebody works: a page each 50 ms on a connection of their own.
const times = [], wrong = [];
let working = true;
const work = (async () => {
  for (let i = 0; working; i++) {
    const begun = performance.now();
    const answer = await clerk.ask(i % 2 ? "/disputes" : "/healthz", { headers: { connection: "close" } }).catch((e) => ({ status: e.cause?.code ?? e.message }));
    if (answer.status === 200) times.push(performance.now() - begun);
    else wrong.push(answer.status);
    await sleep(50);
  }
})();
for (let i = 0; i < wanted; i += 100) {
  await Promise.all(Array.from({ length: Math.min(100, wanted - i) }, open));
  most = Math.max(most, sockets() - files_before);
}
const peak = memory();
await sleep(1000);
working = false;
await work;

times.sort((a, b) => a - b);
console.log(`# ${opened} connections opened, ${refused} refused, ${held.size} held at the end, at most ${most} in the server`);
console.log(`# ${times.length} pages meanwhile, slowest ${times.at(-1)?.toFixed(0)} ms; memory ${before.toFixed(0)} -> ${peak.toFixed(0)} MB`);
if (wanted < 10000) console.log(`# only ${wanted} connections: this machine allows ${files} open files`);
ok(opened + refused === wanted && opened > wanted * 0.9, `${wanted} connections were opened`, `${opened} opened, ${refused} refused`);
ok(most <= LIMIT + 50, "the server held no more of them than its limit", most);
ok(times.length > 10 && wrong.length === 0, "whoever asked meanwhile was answered each time", `${times.length} answered; ${wrong}`);
ok(times.at(-1) < 3000, "within three seconds", times.at(-1));
ok(peak < before + 64, "its memory stayed flat", `${before} -> ${peak} MB`);
const until = Date.now() + 20000;
while (sockets() > files_before + 20 && Date.now() < until) await sleep(250);
ok(sockets() <= files_before + 20, "connections that never ask are ended after their time", `${sockets()} of ${files_before}`);
ok((await clerk.ask("/disputes")).status === 200, "and everything goes on");
for (const s of held) s.destroy();
console.log(`1..${count}`);
process.exitCode = failed ? 1 : 0;
