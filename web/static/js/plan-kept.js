// Plans kept on this computer, by name. The browser may refuse; then nothing is kept, and it says so.

function shelf(county) {
  return "yizhangtu.plans." + county;
}

/** The plans kept for a county: [{name, address}], the newest first. */
export function keptPlans(county) {
  try {
    const found = JSON.parse(window.localStorage.getItem(shelf(county)) || "[]");
    return Array.isArray(found)
      ? found.filter((one) => one && typeof one.name === "string" && /^#/.test(one.address))
      : [];
  } catch (error) {
    return [];
  }
}

function write(county, plans) {
  try {
    window.localStorage.setItem(shelf(county), JSON.stringify(plans));
    return true;
  } catch (error) {
    return false;
  }
}

/** Keep a plan; one of the same name gives way. False when the browser keeps nothing. */
export function keepPlan(county, name, address) {
  const others = keptPlans(county).filter((one) => one.name !== name);
  return write(county, [{ name: name, address: address }, ...others].slice(0, 50));
}

/** Forget a plan. */
export function dropPlan(county, name) {
  return write(county, keptPlans(county).filter((one) => one.name !== name));
}
