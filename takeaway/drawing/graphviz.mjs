// Graphviz draws each graph of the list on standard input; what comes out is a list of SVG elements for a page.
import { readFileSync } from "node:fs";
import { instance } from "@viz-js/viz";

const viz = await instance();
const graphs = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(graphs.map((graph) => viz.renderString(graph, { format: "svg_inline" }))));
