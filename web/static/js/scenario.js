// The text of a what-if, docs/what-if.md. Pure.

const ID = "[a-z0-9][a-z0-9-]{0,31}";
const CLOSE = new RegExp("^-(" + ID + ")$");
const CHANGE = new RegExp("^(" + ID + ")(@[^;]*)?(;.*)?$");
const ADD = /^[+ ]([^@;]*)(@[^;]*)?(;.*)?$/;
const PLACE = /^(-?\d{1,3}(?:\.\d+)?),(-?\d{1,2}(?:\.\d+)?)$/;
const DAY = /^(wd|do):(.+)$/;
const SPAN = /^([01]\d|2[0-4])([0-5]\d)-([01]\d|2[0-4])([0-5]\d)$/;
const CODE = /^(\*|[a-z0-9_]+)$/;
const DAYS = { wd: "workday", do: "dayoff" };
const DAY_MIN = 1440;

/**
 * Read a scenario: {items, faults}.
 *
 * An item is {kind: "close" | "change" | "add", station, place, hours, services}: `station` an id
 * (null of a new stop), `place` [lon, lat] of a new stop, `hours` {workday, dayoff}, each a list of
 * spans in minutes of the day (one over midnight ends after 1440) or null where the day is not
 * named, `services` a list of codes and "*"; `hours` and `services` are null where nothing is said.
 * A fault is {text, code}, the code one of unreadable, hours, services, place, twice.
 */
export function parseScenario(text) {
  const items = [];
  const faults = [];
  const named = new Set();
  text.split("~").forEach(function (part) {
    if (part === "") return;
    try {
      const item = readItem(part);
      if (item.station && named.has(item.station)) throw new Fault("twice");
      if (item.station) named.add(item.station);
      items.push(item);
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      faults.push({ text: part, code: fault.code });
    }
  });
  return { items: items, faults: faults };
}

/** The text of some items; reading it gives the same items. */
export function printScenario(items) {
  return items
    .map(function (item) {
      if (item.kind === "close") return "-" + item.station;
      const what = item.kind === "add" ? "+" + item.place.map(degrees).join(",") : item.station;
      return what + printHours(item.hours) + (item.services ? ";" + item.services.join(",") : "");
    })
    .join("~");
}

/** A new stop as an item; its degrees are rounded to six decimals, as its text has them. */
export function newStop(lon, lat, hours, services) {
  const place = [sixDecimals(lon), sixDecimals(lat)];
  return { kind: "add", station: null, place: place, hours: hours || null, services: services || null };
}

function Fault(code) {
  this.code = code;
}

function readItem(text) {
  const closed = CLOSE.exec(text);
  if (closed) return { kind: "close", station: closed[1], place: null, hours: null, services: null };
  const added = ADD.exec(text);
  if (added) {
    const place = readPlace(added[1]);
    return { kind: "add", station: null, place: place, hours: readHours(added[2]), services: readServices(added[3]) };
  }
  const changed = CHANGE.exec(text);
  if (!changed || (changed[2] === undefined && changed[3] === undefined)) throw new Fault("unreadable");
  const hours = readHours(changed[2]);
  return { kind: "change", station: changed[1], place: null, hours: hours, services: readServices(changed[3]) };
}

function readPlace(text) {
  const found = PLACE.exec(text);
  const place = found ? [sixDecimals(Number(found[1])), sixDecimals(Number(found[2]))] : [NaN, NaN];
  if (!(Math.abs(place[0]) <= 180 && Math.abs(place[1]) <= 90)) throw new Fault("place");
  return place;
}

function readHours(text) {
  if (text === undefined) return null;
  const hours = { workday: null, dayoff: null };
  text.slice(1).split(",").forEach(function (part) {
    const found = DAY.exec(part);
    if (!found || hours[DAYS[found[1]]]) throw new Fault("hours");
    hours[DAYS[found[1]]] = found[2] === "off" ? [] : readSpans(found[2]);
  });
  return hours;
}

function readSpans(text) {
  const spans = text.split("_").map(function (part) {
    const found = SPAN.exec(part);
    if (!found) throw new Fault("hours");
    const begin = Number(found[1]) * 60 + Number(found[2]);
    const end = Number(found[3]) * 60 + Number(found[4]);
    if (begin >= DAY_MIN || end > DAY_MIN || begin === end) throw new Fault("hours");
    return [begin, end > begin ? end : end + DAY_MIN];
  });
  spans.sort(function (one, other) {
    return one[0] - other[0];
  });
  spans.forEach(function (span, i) {
    const next = i + 1 < spans.length ? spans[i + 1][0] : spans[0][0] + DAY_MIN;
    const alone = spans.length === 1 && span[1] - span[0] === DAY_MIN;
    if (span[1] >= next && !alone) throw new Fault("hours");
  });
  return spans;
}

function readServices(text) {
  if (text === undefined) return null;
  const codes = text.slice(1).split(",");
  if (!codes.every((code) => CODE.test(code))) throw new Fault("services");
  return Array.from(new Set(codes));
}

function printHours(hours) {
  if (!hours) return "";
  const parts = Object.keys(DAYS).filter((short) => hours[DAYS[short]]);
  return (
    "@" +
    parts.map((short) => short + ":" + (hours[DAYS[short]].map(printSpan).join("_") || "off")).join(",")
  );
}

function printSpan(span) {
  return clock(span[0]) + "-" + clock(span[1] > DAY_MIN ? span[1] - DAY_MIN : span[1]);
}

function clock(minute) {
  return String(Math.floor(minute / 60)).padStart(2, "0") + String(minute % 60).padStart(2, "0");
}

function sixDecimals(number) {
  return Math.floor(number * 1e6 + 0.5) / 1e6;
}

function degrees(number) {
  return number.toFixed(6).replace(/\.?0+$/, "");
}
