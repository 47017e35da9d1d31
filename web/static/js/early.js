// Runs before the first paint: what needs JavaScript may take its room at once, without a jump.
document.documentElement.classList.add("js");
