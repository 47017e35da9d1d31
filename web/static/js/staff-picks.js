// The points picked for a ledger's rows: kept for this tab, so that a reload loses none.

/**
 * The picks of one check.
 * @param {string} key the check's id
 * @param {Storage|null} storage where they are kept, such as sessionStorage
 */
export function openPicks(key, storage) {
  const place = "picks-" + key;
  let picks = {};
  let accepted = [];
  try {
    const kept = JSON.parse((storage && storage.getItem(place)) || "{}");
    picks = kept.picks || {};
    accepted = kept.accepted || [];
  } catch (error) {
    // Closed to this page, or not ours: it starts afresh.
  }
  const keep = function () {
    try {
      if (storage) storage.setItem(place, JSON.stringify({ picks: picks, accepted: accepted }));
    } catch (error) {
      // No room or no permission: they last as long as the page.
    }
  };
  return {
    /** Put a row's point: WGS-84 degrees, to a tenth of a metre. */
    put: function (row, lon, lat) {
      picks[row] = [Number(lon.toFixed(6)), Number(lat.toFixed(6))];
      keep();
    },
    drop: function (row) {
      delete picks[row];
      keep();
    },
    /** [lon, lat], or undefined where nothing was picked. */
    of: function (row) {
      return picks[row];
    },
    /** Accept an offer for a whole source, or take that back. */
    accept: function (at, wanted) {
      accepted = accepted.filter((each) => each !== at).concat(wanted ? [at] : []);
      keep();
    },
    /** The offers accepted, by their places in the report. */
    accepted: function () {
      return accepted.slice();
    },
    /** Everything picked, as [row, lon, lat] in the order of the rows. */
    all: function () {
      return Object.keys(picks)
        .map(Number)
        .sort((a, b) => a - b)
        .map((row) => [row].concat(picks[row]));
    },
  };
}
