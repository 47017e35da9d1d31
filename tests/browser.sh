#!/bin/sh
# The browser of the tests and the fonts it draws Chinese with: Debian's own packages.
# As root they are installed; otherwise one sentence says what to install.
missing=""
command -v chromium >/dev/null || missing="chromium"
fc-list 2>/dev/null | grep -qi "noto sans cjk sc" || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "The browser tests need: sudo apt-get install $missing" >&2
  exit 1
fi
echo "Installing for the browser tests: $missing" >&2
log=$(mktemp)
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1 && exit 0
tail -3 "$log" >&2
echo "Could not install $missing: is the package archive reachable? Install them by hand and try again." >&2
exit 1
