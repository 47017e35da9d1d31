// Hours, riders and colours of the planner's page. Pure: no document in here.

export const DAYS = ["workday", "dayoff"];
export const ANY_STOP = "any_stop";

/** Place of an hour in the 48 characters or numbers of a cell or a station. */
export function slotIndex(day, hour) {
  return DAYS.indexOf(day) * 24 + hour;
}

/** "20" → "20:00" */
export function clockText(hour) {
  return String(hour).padStart(2, "0") + ":00";
}

/** Riders as one says it: whole from ten up, else with one decimal. */
export function people(count) {
  if (count >= 9.95 || count === Math.round(count)) return Math.round(count).toLocaleString("en");
  return count >= 0.05 ? count.toFixed(1) : "<0.1";
}

/** A count as `people` says it, as a number. */
function said(count) {
  return count >= 9.95 ? Math.round(count) : Math.round(count * 10) / 10;
}

/** By how much one count is less than another: of ten and more the difference of what is said of both. */
export function fewer(before, after) {
  return before - after >= 9.95 ? said(before) - said(after) : before - after;
}

/** The clock's rows as a table: day and service → 24 pairs {covered, total}. */
export function clockTable(rows) {
  const table = {};
  rows.forEach(function (row) {
    const key = row.day + " " + row.service;
    if (!table[key]) table[key] = [];
    table[key][row.hour] = { covered: row.covered, total: row.total };
  });
  return function (day, hour, service) {
    return (table[day + " " + service] || [])[hour] || { covered: 0, total: 0 };
  };
}

const ROUND = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];

/** Four round limits between five classes, the last at or below half of the most. */
export function breaks(most) {
  let last = 3;
  while (last + 1 < ROUND.length && ROUND[last + 1] <= most / 2) last += 1;
  return ROUND.slice(last - 3, last + 1);
}

/** Classes in words: "<1", "1–2", …, "≥10". */
export function classTexts(limits) {
  const texts = ["<" + limits[0]];
  for (let i = 1; i < limits.length; i += 1) texts.push(limits[i - 1] + "–" + limits[i]);
  texts.push("≥" + limits[limits.length - 1]);
  return texts;
}

function channels(hex) {
  return [1, 3, 5].map(function (at) {
    return parseInt(hex.slice(at, at + 2), 16);
  });
}

/** Even steps from one colour (#rrggbb) to another. */
export function ramp(from, to, count) {
  const a = channels(from);
  const b = channels(to);
  return Array.from({ length: count }, function (_, step) {
    const mixed = a.map(function (value, i) {
      return Math.round(value + ((b[i] - value) * step) / (count - 1));
    });
    return "rgb(" + mixed.join(", ") + ")";
  });
}
