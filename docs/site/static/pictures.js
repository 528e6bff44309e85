// Draws every Mermaid block of the page, dark or light as the page is.
const blocks = [...document.querySelectorAll(".highlight-mermaid")].map((block) => {
  const picture = document.createElement("pre");
  picture.className = "mermaid";
  picture.textContent = block.textContent.trim();
  block.replaceWith(picture);
  return picture;
});
const { theme } = document.body.dataset;
const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
mermaid.initialize({ startOnLoad: false, theme: dark ? "dark" : "default" });
mermaid.run({ nodes: blocks });
