// What AsyncAPI's own parser has to say about documents: a list of findings for each file, as JSON.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const findings = [];
for (const file of process.argv.slice(2)) {
  const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"));
  findings.push({
    parsed: document !== undefined,
    operations: document?.operations().all().map((each) => [each.action(), each.id()]) ?? [],
    diagnostics: diagnostics.map(({ code, message, path, severity }) => ({ code, message, path, severity })),
  });
}
console.log(JSON.stringify(findings));
