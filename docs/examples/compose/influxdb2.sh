#!/bin/sh
# Runs once, at the end of the first start of InfluxDB 2: the second bucket, and accounts that may no more than they have to. Since
# 2.4 a bucket is reached by its name at /write and /query, so no mapping is made.
set -eu
raw=$DOCKER_INFLUXDB_INIT_BUCKET_ID
rollup=$(influx bucket create --org "$DOCKER_INFLUXDB_INIT_ORG" --name smartcity_rollup --retention 0 --hide-headers | cut -f 1)
influx v1 auth create --org "$DOCKER_INFLUXDB_INIT_ORG" --username smartcity --password "$(cat /run/secrets/influx_smartcity)" \
  --read-bucket "$raw" --write-bucket "$raw" --read-bucket "$rollup" --write-bucket "$rollup"
influx v1 auth create --org "$DOCKER_INFLUXDB_INIT_ORG" --username grafana --password "$(cat /run/secrets/influx_grafana)" \
  --read-bucket "$raw" --read-bucket "$rollup"
