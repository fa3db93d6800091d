# Starts the real parts on loopback in a folder of their own, and stops what it started. Sourced by .ci/run.
# Needs root (Debian): PostgreSQL and Elasticsearch refuse to run as root and get an ordinary user each.
WORK=${COMPTOIR_CI_FOLDER:-$(mktemp -d /tmp/comptoir-ci.XXXXXX)}
PG_PORT=${PG_PORT:-54329}
ES_PORT=${ES_PORT:-19200}
MQ_PORT=${MQ_PORT:-15672}
ES_VERSION=8.19.8
ES_CACHE=${COMPTOIR_ES_CACHE:-${HOME:-/root}/.cache/comptoir-ci}
chmod 755 "$WORK"

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }

# wait_for SECONDS WHAT COMMAND…: asks until the command succeeds, never sleeps a fixed time.
wait_for() {
  local end=$(( $(date +%s) + $1 )) what=$2; shift 2
  until "$@" > /dev/null 2>&1; do
    [ "$(date +%s)" -lt "$end" ] || { say "$what did not start in time"; return 1; }
    sleep 0.3
  done
  say "$what answers"
}

install_packages() {
  local missing=()
  command -v rabbitmq-server > /dev/null || missing+=(rabbitmq-server)
  ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || missing+=(postgresql)
  command -v chromium > /dev/null || missing+=(chromium)
  dpkg -s fonts-dejavu > /dev/null 2>&1 || missing+=(fonts-dejavu)
  command -v unzip > /dev/null || missing+=(unzip)
  command -v curl > /dev/null || missing+=(curl)
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" > "$WORK/apt.log" 2>&1 || { tail -n 30 "$WORK/apt.log"; return 1; }
}

fetch_elasticsearch() {
  local zip="$ES_CACHE/elasticsearch-$ES_VERSION.zip"
  if [ ! -s "$zip" ]; then
    say "fetching Elasticsearch $ES_VERSION"
    mkdir -p "$ES_CACHE"
    mvn -q -B dependency:copy -Dmdep.useBaseVersion=true -DoutputDirectory="$ES_CACHE" \
      -Dartifact=org.elasticsearch.distribution.integ-test-zip:elasticsearch:$ES_VERSION:zip > "$WORK/mvn.log" 2>&1 \
      || { tail -n 30 "$WORK/mvn.log"; return 1; }
  fi
  unzip -q "$zip" -d "$WORK"
}

# What is in it is thrown away afterwards, so nothing waits for the disk.
start_postgres() {
  local bin; bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  mkdir -p "$WORK/pg" && chown postgres "$WORK/pg"
  su postgres -c "$bin/initdb -D $WORK/pg/data --auth=trust --encoding=UTF8 --locale=C.UTF-8" > "$WORK/initdb.log"
  su postgres -c "$bin/pg_ctl -D $WORK/pg/data -l $WORK/pg/log -o '-p $PG_PORT -h 127.0.0.1 -k $WORK/pg -c max_connections=200 -c fsync=off -c full_page_writes=off' start" > /dev/null
  wait_for 60 PostgreSQL "$bin/pg_isready" -h 127.0.0.1 -p "$PG_PORT"
  su postgres -c "$bin/createdb -h 127.0.0.1 -p $PG_PORT comptoir_test"
  PG_BIN=$bin
  export TEST_POSTGRES_URL="postgresql+psycopg://postgres@127.0.0.1:$PG_PORT/comptoir_test"
}

start_elasticsearch() {
  fetch_elasticsearch
  local home="$WORK/elasticsearch-$ES_VERSION" java=${ES_JAVA_HOME:-}
  [ -n "$java" ] || java=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
  cat > "$home/config/elasticsearch.yml" <<YML
discovery.type: single-node
network.host: 127.0.0.1
http.port: $ES_PORT
transport.port: $((ES_PORT + 100))
xpack.security.enabled: false
action.auto_create_index: false
YML
  id comptoir-ci > /dev/null 2>&1 || useradd --system --no-create-home comptoir-ci
  chown -R comptoir-ci "$home"
  su comptoir-ci -s /bin/sh -c "ES_JAVA_HOME=$java ES_JAVA_OPTS='-Xms512m -Xmx512m' $home/bin/elasticsearch -d -p $home/pid" > "$WORK/es.log" 2>&1
  ES_HOME=$home
  export COMPTOIR_ELASTICSEARCH_URL="http://127.0.0.1:$ES_PORT"
}

start_rabbitmq() {
  mkdir -p "$WORK/mq" && chown rabbitmq "$WORK/mq"
  # Debian's wrapper loses the quoting of Erlang's arguments, so the server itself is started, as its own user.
  cat > "$WORK/mq.env" <<ENV
export HOME=$WORK/mq RABBITMQ_NODENAME=comptoir-ci@localhost ERL_EPMD_ADDRESS=127.0.0.1
export RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT=$MQ_PORT RABBITMQ_DIST_PORT=$((MQ_PORT + 20000))
export RABBITMQ_MNESIA_BASE=$WORK/mq/data RABBITMQ_LOG_BASE=$WORK/mq/log RABBITMQ_PID_FILE=$WORK/mq/pid
export RABBITMQ_ENABLED_PLUGINS_FILE=$WORK/mq/plugins
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
ENV
  # The server and the command that waits for it would each start the port mapper, and one of both then fails.
  as_rabbit 'epmd -daemon' || true
  local attempt
  for attempt in 1 2 3; do
    # In the foreground of a session of its own: detached it was seen to die without a word.
    setsid su rabbitmq -s /bin/bash -c ". $WORK/mq.env; exec /usr/lib/rabbitmq/bin/rabbitmq-server" \
      < /dev/null >> "$WORK/mq.log" 2>&1 &
    wait_for 60 RabbitMQ as_rabbit 'timeout 20 /usr/lib/rabbitmq/bin/rabbitmqctl await_startup --timeout 15' && break
    tail -n 40 "$WORK/mq.log" "$WORK"/mq/log/*.log || true
    [ "$attempt" -lt 3 ] || return 1
  done
  export TEST_BROKER_URL="amqp://guest:guest@127.0.0.1:$MQ_PORT/"
}

as_rabbit() { su rabbitmq -s /bin/bash -c ". $WORK/mq.env; $1"; }

start_services() {
  start_elasticsearch
  start_postgres
  start_rabbitmq
  wait_for 120 Elasticsearch curl -fsS "$COMPTOIR_ELASTICSEARCH_URL/_cluster/health"
}

stop_services() {
  say "stopping what was started"
  [ -z "${PG_BIN:-}" ] || su postgres -c "$PG_BIN/pg_ctl -D $WORK/pg/data -m immediate stop" > /dev/null 2>&1 || true
  [ -z "${ES_HOME:-}" ] || kill "$(cat "$ES_HOME/pid")" > /dev/null 2>&1 || true
  [ -z "${TEST_BROKER_URL:-}" ] || as_rabbit '/usr/lib/rabbitmq/bin/rabbitmqctl stop' > /dev/null 2>&1 || true
  [ -n "${COMPTOIR_CI_FOLDER:-}" ] || rm -rf "$WORK"
}
