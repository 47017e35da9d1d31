// The other ways to a station, made of the one that the list carries.
//
// The server's links.py is where their words come from and says why; the same table of golden links
// (links.golden.json) holds both to them.

/** What the server writes: where, under which name, for whom. */
const RIDE = /^https:\/\/uri\.amap\.com\/navigation\?to=([\d.-]+),([\d.-]+),([^&]*)&mode=ride&src=([^&]*)&/;

/**
 * Every link to a station by the name of its app, and `amap_marker`, which shows the place anywhere.
 * @param {string} ride the link to ride there with Amap, encoded, in GCJ-02
 */
export function linksFrom(ride) {
  const [, x, y, name, src] = RIDE.exec(ride);
  return {
    amap_ebike: "amapuri://openFeature?featureName=OnRideNavi&rideType=elebike&sourceApplication=" + src + "&lat=" + y + "&lon=" + x + "&dev=0",
    amap_ride: ride,
    baidu: "https://api.map.baidu.com/marker?location=" + y + "," + x + "&title=" + name + "&content=" + name +
      "&output=html&coord_type=gcj02&src=webapp." + src + "." + src,
    tencent: "https://apis.map.qq.com/uri/v1/routeplan?type=walk&to=" + name + "&tocoord=" + y + "," + x + "&coord_type=2&referer=" + src,
    apple: "https://maps.apple.com/?daddr=" + y + "," + x + "&dirflg=w",
    amap_marker: "https://uri.amap.com/marker?position=" + x + "," + y + "&name=" + name + "&src=" + src + "&coordinate=gaode&callnative=1",
  };
}

/** Leave out below ``root`` the links to apps that a device has not: Apple's maps are on iOS alone. */
export function leaveOut(root, agent) {
  if (/iPhone|iPad|iPod/.test(agent)) return;
  root.querySelectorAll('.others a[data-app="apple"]').forEach((link) => link.parentNode.remove());
}

/** Where a station's link leads, in GCJ-02, as map apps take it: "116.949118,31.459845". */
export function pointOf(ride) {
  return RIDE.exec(ride).slice(1, 3).join(",");
}
