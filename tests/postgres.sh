#!/bin/bash
# postgres.sh - a throw-away PostgreSQL for tests and measurements.
#
#   postgres.sh start DIR     make and start one under DIR; prints the URL of its database
#   postgres.sh kill DIR      stop it as a crash would
#   postgres.sh pause DIR     stop all its processes where they are (SIGSTOP)
#   postgres.sh resume DIR    let them go on
#   postgres.sh restart DIR   start it again, on the same port
#   postgres.sh stop DIR      stop it and remove DIR
#
# fsync is on: commits are durable, so that what is measured is true. The server is found by its own
# data directory only. Run as root it becomes the user postgres, or nobody.
set -euo pipefail

die()
{
    echo "postgres.sh: $*" >&2
    exit 1
}

[ $# -eq 2 ] || die "usage: postgres.sh start|stop|kill|pause|resume|restart DIR"
action=$1
mkdir -p -- "$(dirname -- "$2")"
dir=$(cd -- "$(dirname -- "$2")" && pwd)/$(basename -- "$2")
data=$dir/data
bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
[ -x "$bin/pg_ctl" ] || die "no PostgreSQL under /usr/lib/postgresql (Debian package postgresql)"
cd /

user=$(id -un)
if [ "$(id -u)" -eq 0 ]; then
    user=nobody
    id postgres >/dev/null 2>&1 && user=postgres
fi

as_user()
{
    if [ "$(id -un)" = "$user" ]; then
        "$@"
    else
        runuser -u "$user" -- "$@"
    fi
}

control()
{
    as_user "$bin/pg_ctl" -D "$data" -w -t 120 -l "$dir/log" "$@" >/dev/null
}

password()
{
    od -An -N 18 -tx1 /dev/urandom | tr -d ' \n'
}

free_port()
{
    perl -MIO::Socket::INET -e \
        'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport'
}

make_cluster()
{
    [ -z "$(ls -A -- "$dir" 2>/dev/null)" ] || die "$dir is not empty"
    # The socket lies in DIR, and a socket's path has room for 107 bytes.
    [ ${#dir} -le 80 ] || die "$dir is too long a path for a socket"
    mkdir -p -- "$dir"
    chmod 700 -- "$dir"
    printf '%s\n' "$admin" >"$dir/admin"
    [ "$(id -un)" = "$user" ] || chown -R "$user" -- "$dir"
    as_user "$bin/initdb" -D "$data" --no-sync --username=admin --pwfile="$dir/admin" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 >/dev/null
    as_user tee -a "$data/postgresql.conf" >/dev/null <<CONF
include 'port.conf'
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir'
fsync = on
synchronous_commit = on
deadlock_timeout = 200ms
CONF
}

# Another process may take the port between the choice and the start.
start_on_free_port()
{
    for _ in 1 2 3 4 5; do
        port=$(free_port)
        echo "port = $port" | as_user tee "$data/port.conf" >/dev/null
        control start 2>/dev/null && return
        grep -q 'Address already in use' "$dir/log" || break
        rm -f -- "$dir/log"
    done
    cat -- "$dir/log" >&2
    die "the server does not start"
}

make_database()
{
    PGPASSWORD=$admin as_user "$bin/psql" -qX -v ON_ERROR_STOP=1 -h "$dir" -p "$port" -U admin \
        -d postgres <<SQL
CREATE ROLE rapport LOGIN PASSWORD '$secret';
CREATE DATABASE rapport OWNER rapport;
SQL
}

# The postmaster, whose pid stands in its own data directory, and its children.
signal_all()
{
    main=$(head -n 1 -- "$data/postmaster.pid")
    for stat in /proc/[0-9]*/stat; do
        { read -r line <"$stat"; } 2>/dev/null || continue
        rest=${line##*) }
        # shellcheck disable=SC2086
        set -- $rest
        [ "$2" != "$main" ] || kill -s "$signal" "$(basename "$(dirname "$stat")")" 2>/dev/null || true
    done
    kill -s "$signal" "$main"
}

case $action in
pause)
    signal=STOP
    signal_all
    ;;
resume)
    signal=CONT
    signal_all
    ;;
start)
    admin=$(password)
    secret=$(password)
    make_cluster
    start_on_free_port
    make_database
    echo "postgresql://rapport:$secret@127.0.0.1:$port/rapport"
    ;;
restart)
    control start
    ;;
kill)
    control stop -m immediate
    ;;
stop)
    [ -e "$dir" ] || exit 0
    # Nothing but what start made is ever removed.
    [ -e "$dir/admin" ] || die "$dir is no test server"
    if as_user "$bin/pg_ctl" -D "$data" status >/dev/null; then
        control stop -m fast
    fi
    rm -rf -- "$dir"
    ;;
*)
    die "unknown action $action"
    ;;
esac
