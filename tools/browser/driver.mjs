// A browser that is told what to do, a line of JSON at a time: {"page": 1, "calls": [["getByRole", "link"], ["click"]]}.
// Each call goes to what the one before returned; page 0 is the browser's context. What comes of the last is answered.
import { createInterface } from "node:readline";
import { chromium as playwright } from "playwright-core";

// A Chrome that CHROME_PATH names is the one to use. Otherwise the bundled Chromium is, or else an installed Chrome.
const named = process.env.CHROME_PATH;
const ways = named ? [() => ({ executablePath: named })] : [bundled, () => ({ channel: "chrome" })];
const failures = [];
let browser;
for (const way of ways) {
  try {
    browser = await playwright.launch({ headless: true, ...(await way()) });
    break;
  } catch (failure) {
    failures.push(String(failure.message ?? failure).split("\n")[0]);
  }
}
if (!browser) {
  process.stdout.write(`${JSON.stringify({ failure: failures.join("; ") })}\n`);
  process.exit(0);
}

async function bundled() {
  const { default: chromium } = await import("@sparticuz/chromium");
  const args = chromium.args.filter((each) => !/single-process|disable-web-security|headless/.test(each));
  return { executablePath: await chromium.executablePath(), args };
}

const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
const targets = [context];
process.stdout.write(`${JSON.stringify({ result: browser.version() })}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const { page, calls } = JSON.parse(line);
    let target = targets[page];
    for (const [name, ...given] of calls) target = await target[name](...given);
    if (target && typeof target.goto === "function") target = targets.push(target) - 1;
    answer = { result: JSON.parse(JSON.stringify(target ?? null)) };
  } catch (failure) {
    answer = { failure: String(failure.message ?? failure) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
