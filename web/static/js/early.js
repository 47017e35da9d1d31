// Runs before the first paint: what needs JavaScript may take its room at once, without a jump. Not
// in engines that know no modules: they would wait for what never comes.
if ("noModule" in document.createElement("script")) document.documentElement.classList.add("js");
