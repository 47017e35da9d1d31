// What will be needed, asked for together: what is found in another answer comes a whole answer
// later, which on a slow line is two seconds.

/** What is asked for besides modules, by how its name ends: what it will be asked for as. */
const AS = { css: "style", svg: "fetch" };

/** Ask for modules of ours by their names, and for files by their paths from here; "" is none. */
export function askFor(names) {
  names.filter(Boolean).forEach(function (name) {
    const link = document.createElement("link");
    const as = AS[name.split(".").pop()];
    link.rel = as ? "preload" : "modulepreload";
    if (as) link.as = as;
    if (as === "fetch") link.crossOrigin = "anonymous"; // as fetch() asks
    link.href = new URL(name.indexOf("/") < 0 ? "./" + name + ".js" : name, import.meta.url).href;
    document.head.appendChild(link);
  });
}
