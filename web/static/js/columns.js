// Whole numbers in columns, as a release packs them (docs/street-graph-format.md). Pure.

/**
 * Open a file of columns.
 * @param {ArrayBuffer} buffer
 * @param {string} format what it must say it is
 * @param {number} version the one that is understood
 * @returns {{header: object, column: function(string): Float64Array, texts: function(string): string[]}}
 */
export function unpack(buffer, format, version) {
  const bytes = new Uint8Array(buffer);
  if (bytes.length < 8 || String.fromCharCode(bytes[0], bytes[1], bytes[2], bytes[3]) !== "YZT1") {
    throw new Error("not a file of columns: it does not begin with YZT1");
  }
  const size = new DataView(buffer).getUint32(4, true);
  const header = JSON.parse(text(bytes, 8, size));
  if (header.format !== format || header.version !== version) {
    throw new Error("not " + format + " " + version + " but " + header.format + " " + header.version);
  }
  const places = {};
  let at = 8 + size;
  header.columns.forEach(function (row) {
    places[row[0]] = { coding: row[1], count: row[2], at: at, bytes: row[3] };
    at += row[3];
  });
  if (at !== bytes.length) throw new Error(format + " is " + bytes.length + " bytes long, not " + at);
  return {
    header: header,
    column: function (name) {
      return numbers(bytes, places[name]);
    },
    texts: function (name) {
      return JSON.parse(text(bytes, places[name].at, places[name].bytes));
    },
  };
}

function text(bytes, at, length) {
  return new TextDecoder().decode(bytes.subarray(at, at + length));
}

function numbers(bytes, place) {
  const found = new Float64Array(place.count);
  const zigzag = place.coding !== "uint";
  const delta = place.coding === "delta";
  let at = place.at;
  let last = 0;
  for (let i = 0; i < place.count; i += 1) {
    let octet = bytes[at++];
    let value = octet & 127;
    let scale = 128;
    while (octet > 127) {
      octet = bytes[at++];
      value += (octet & 127) * scale; // no shifts: they end at 32 bits
      scale *= 128;
    }
    if (zigzag) value = value % 2 ? -(value + 1) / 2 : value / 2;
    if (delta) {
      last += value;
      value = last;
    }
    found[i] = value;
  }
  return found;
}
