#!/bin/sh
# cluster_test.sh PYTHON: runs cluster_test.py with the interpreter that has Ray or, without it, with Debian's.
[ -x "$1" ] || set -- /usr/bin/python3
exec "$1" "$(dirname "$0")/cluster_test.py" -v
