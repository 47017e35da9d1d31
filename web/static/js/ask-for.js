// Modules that will be needed, asked for together: one that is found in another comes a whole answer
// later, which on a slow line is two seconds.

/** Ask for modules of ours by their names; a page that names none finds them one after the other. */
export function askFor(names) {
  (names || []).forEach(function (name) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = new URL(name.indexOf("/") < 0 ? "./" + name + ".js" : name, import.meta.url).href;
    document.head.appendChild(link);
  });
}
