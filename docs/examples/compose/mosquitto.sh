#!/bin/sh
# Starts mosquitto in its container with the shipped mosquitto.conf and acl. The accounts of the server and of the demo have the
# passwords of the secrets; those of devices are kept: docker compose exec mosquitto mosquitto_passwd /mosquitto/data/passwords P-1
set -eu
umask 077
cd /mosquitto/data
touch passwords
: > passwords.new
for user in smartcity demo; do
  if [ -s "/run/secrets/mqtt_$user" ]; then
    printf '%s:%s\n' "$user" "$(cat "/run/secrets/mqtt_$user")" >> passwords.new
  fi
done
mosquitto_passwd -U passwords.new
sed -e '/^smartcity:/d' -e '/^demo:/d' passwords >> passwords.new
mv passwords.new passwords
cp /smartcity/mosquitto/acl acl
# The server is in another container here, as are the devices of the demo: they come by 1883 of this network, which is not
# published.
sed -e 's|^listener 1883 127.0.0.1|listener 1883|' -e 's|^max_connections 100$|max_connections 2000|' \
  -e 's|/etc/mosquitto/certs/|/run/secrets/|' \
  -e 's|/etc/mosquitto/|/mosquitto/data/|' -e 's|/var/lib/mosquitto/|/mosquitto/data/|' \
  /smartcity/mosquitto/mosquitto.conf > mosquitto.conf
exec mosquitto -c /mosquitto/data/mosquitto.conf
