#!/bin/sh
# Makes what docker-compose.yml needs and nobody else may know: passwords, a certificate of the broker, and .env, which says what
# runs. Words that may follow: demo (simulated devices), grafana, influx3 (InfluxDB 3 Core in the place of 2).
#   BROKER_NAME=mqtt.example.org sh docs/examples/compose/make-secrets.sh grafana
# BROKER_NAME is the name by which devices reach the broker. Run again it keeps what is there, and only .env is written anew.
set -eu
cd "$(dirname "$0")/../../.."
store=influx2
profiles=
for word in "$@"; do
  case $word in
    influx3) store=influx3 ;;
    demo|grafana) profiles=$profiles,$word ;;
    *) echo "$0: '$word' is none of demo, grafana, influx3" >&2; exit 2 ;;
  esac
done
command -v openssl >/dev/null || { echo "$0: openssl is needed" >&2; exit 1; }

# Nobody else of this machine comes into the folder; in the containers, which have users of their own, the files can be read.
umask 022
mkdir -p secrets
chmod 700 secrets
make() { [ -s "secrets/$1" ] || printf '%s%s' "${2:-}" "$(openssl rand -hex 32)" > "secrets/$1"; }
make mqtt_smartcity
make influx_admin_password
make influx_admin_token
make influx_smartcity apiv3_
make grafana_admin
# InfluxDB 3 Core knows only administrators: all go by one token there.
printf '{"token": "%s", "name": "_admin"}\n' "$(cat secrets/influx_smartcity)" > secrets/influx3_admin
if [ $store = influx3 ]; then
  cp secrets/influx_smartcity secrets/influx_grafana
else
  make influx_grafana
fi
# Without the demo there is no account that may speak for all devices.
case $profiles in
  *demo*) make mqtt_demo ;;
  *) : > secrets/mqtt_demo ;;
esac

if [ ! -s secrets/broker.pem ]; then
  name=${BROKER_NAME:-localhost}
  key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
  printf 'basicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:%s,DNS:mosquitto,DNS:localhost,IP:127.0.0.1\n' "$name" > secrets/broker.ext
  # shellcheck disable=SC2086 # They are words.
  openssl req -x509 $key -keyout secrets/ca.key -out secrets/ca.pem -days 3650 -subj "/CN=SmartCity devices" 2>/dev/null
  openssl req $key -keyout secrets/broker.key -out secrets/broker.csr -subj "/CN=$name" 2>/dev/null
  openssl x509 -req -in secrets/broker.csr -CA secrets/ca.pem -CAkey secrets/ca.key -CAcreateserial -days 825 \
    -extfile secrets/broker.ext -out secrets/broker.pem 2>/dev/null
  chmod 400 secrets/ca.key
  chmod 444 secrets/broker.key
fi
printf '%s\n' '# Written by docs/examples/compose/make-secrets.sh.' 'SMARTCITY_SECRETS=./secrets' "COMPOSE_PROFILES=$store$profiles" > .env
echo "Secrets are in $(pwd)/secrets, devices trust secrets/ca.pem. Next: docker compose up -d --build --wait"
