// What two linters of the Amazon States Language have against workflows: [name, definition] of each on standard input.
// statelint knows every field and who leads where; asl-validator knows paths in choices, ARNs and how long names may be.
import { readFileSync } from "node:fs";
import statelint from "@wmfs/statelint";
import validate from "asl-validator";

const findings = JSON.parse(readFileSync(0, "utf-8")).flatMap(([name, definition]) => {
  const found = statelint().validate(definition); // first, because the other writes defaults into what it validates
  const { errors } = validate(definition, { checkArn: true, checkPaths: true });
  const said = errors.map((error) => error.Message ?? error.message ?? JSON.stringify(error));
  return [...new Set([...found, ...said])].map((finding) => `${name}: ${finding}`);
});
process.stdout.write(JSON.stringify(findings));
