#!/bin/sh
# Installs what the tests need and is missing: browsers, SIP servers and telephones, Node.js, and the packages given as
# arguments (make bench: coturn). Debian and its derivatives.
# Quick when nothing is missing; exit status 1 when something cannot be had.
set -u

# Kamailio with the modules of testdata/kamailio, rtpengine, SIPp, baresip; browsers with a font; Node.js runs js/wasm tests.
packages="ca-certificates
chromium firefox-esr fonts-dejavu-core
kamailio kamailio-websocket-modules kamailio-tls-modules kamailio-outbound-modules kamailio-presence-modules
kamailio-sqlite-modules kamailio-utils-modules sqlite3
rtpengine-daemon sip-tester baresip-core $*"
node_wanted=18

fail() { echo "install: $*" >&2; exit 1; }

command -v dpkg-query >/dev/null || fail "not a Debian system; install the programs of these packages by hand:" $packages

node_version() { node -p 'parseInt(process.versions.node)' 2>/dev/null || echo 0; }

node_found=$(node_version)
[ "$node_found" -gt 0 ] || packages="$packages nodejs"
command -v npm >/dev/null || packages="$packages npm"

have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $packages 2>/dev/null | sed -n 's/^installed //p')
missing=""
for p in $packages; do
	case "
$have
" in *"
$p
"*) ;; *) missing="$missing $p" ;; esac
done

if [ -n "$missing" ]; then
	echo "install: missing:$missing"
	[ "$(id -u)" = 0 ] || fail "not root. Run as root:
  apt-get update && apt-get install -y --no-install-recommends$missing"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq || fail "apt-get update failed: is a package source reachable?"
	# The tests start their own servers: the packages must not start theirs.
	if [ ! -e /usr/sbin/policy-rc.d ]; then
		printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
		trap 'rm -f /usr/sbin/policy-rc.d' EXIT
	fi
	apt-get install -y -qq --no-install-recommends $missing >/dev/null || fail "apt-get could not install:$missing"
	node_found=$(node_version)
fi

[ "$node_found" -ge $node_wanted ] || fail "Node.js $node_wanted or newer is needed for the js/wasm tests, found $(node --version 2>/dev/null || echo none);
  Debian 12 and newer have it as nodejs"
