/** Starts what a page asks for: `data-module="wall"` calls the default function of
 * `wall.mjs` with its element. */
for (const root of document.querySelectorAll("[data-module]")) {
  import(`./${root.dataset.module}.mjs`).then((module) => module.default(root));
}
