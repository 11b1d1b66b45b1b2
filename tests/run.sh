#!/usr/bin/env bash
# Runs every test and ends with one plain line: "tests: N passed, N failed, N skipped".
#   tests/run.sh              everything
#   tests/run.sh -class "SmartCity.Tests.Charging.*"    arguments go to the test program
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# Servers and tools that tests use. Where they cannot be had, those tests skip and say so; in CI a skip for that reason fails.
need=()
have() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]; }
have mosquitto || need+=(mosquitto)
have mosquitto_pub || need+=(mosquitto-clients)
have influxd || need+=(influxdb)
have victoria-metrics || need+=(victoria-metrics)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || have initdb || need+=(postgresql)
have npm || need+=(npm)
if [ ${#need[@]} -gt 0 ] && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "installing ${need[*]}"
  # Debian makes and starts a cluster of its own unless it is told not to.
  if [[ " ${need[*]} " == *" postgresql "* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
  fi
  export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
  # Debian starts what it installs; the tests start their own on free ports.
  if command -v systemctl >/dev/null 2>&1; then systemctl stop mosquitto influxdb victoria-metrics >/dev/null 2>&1 || true; fi
fi

dotnet restore SmartCity.sln --locked-mode
dotnet build SmartCity.sln -c Release --no-restore --nologo -v quiet -clp:Summary

failed=0

# The public contract: lint.
proto="skipped"
if have npm; then
  tools="${XDG_CACHE_HOME:-$HOME/.cache}/smartcity-tests"
  mkdir -p "$tools"
  if [ -x "$tools/node_modules/.bin/buf" ] || npm install --silent --no-audit --no-fund --prefix "$tools" @bufbuild/buf@1.75.0; then
    if "$tools/node_modules/.bin/buf" lint protos; then proto="passed"; else proto="failed"; failed=1; fi
  fi
fi
echo "protos: lint $proto"
if [ "$proto" = skipped ] && [ "${CI:-}" = true ]; then echo "in CI the protos must be linted"; failed=1; fi

report="$(mktemp -d)"
trap 'rm -rf "$report"' EXIT
run() { tests/SmartCity.Tests/bin/Release/net10.0/SmartCity.Tests -noColor -result-xml "$report/$1.xml" "${@:2}" || failed=1; }
run tests "$@"
# The whole-server tests again, behind a real broker, on each store.
if [ $# -eq 0 ]; then
  whole=(-namespace SmartCity.Tests.EndToEnd -trait- "Deployment=its own")
  if have mosquitto; then
    echo "mosquitto and the embedded store"
    SMARTCITY_TEST_BROKER=mosquitto run mosquitto "${whole[@]}"
  fi
  if have mosquitto && have influxd; then
    echo "mosquitto and InfluxDB"
    SMARTCITY_TEST_BROKER=mosquitto SMARTCITY_TEST_STORE=influxdb run influxdb "${whole[@]}"
  fi
fi

count() { grep -ho "<assembly [^>]*" "$report"/*.xml | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{s+=$1} END {print s+0}'; }
passed=$(count passed); broken=$(count failed); skipped=$(count skipped); errors=$(count errors)
if [ "$proto" = passed ]; then passed=$((passed + 1)); elif [ "$proto" = failed ]; then broken=$((broken + 1)); else skipped=$((skipped + 1)); fi
broken=$((broken + errors))
if [ "$broken" -gt 0 ] || [ "$passed" -eq 0 ]; then failed=1; fi
if [ "${CI:-}" = true ] && [ "$skipped" -gt 0 ]; then echo "in CI no test may skip"; failed=1; fi
echo "tests: $passed passed, $broken failed, $skipped skipped"
exit $failed
