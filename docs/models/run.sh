#!/bin/sh
# run.sh MODEL [-Dname=value…]: checks a model exhaustively; spin's summary is printed. Status 1: spin found an error.
set -e
model=$(realpath "$1")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
spin -a "$@" "$model"
cc -O1 -w -DSAFETY -DCOLLAPSE -DVECTORSZ=4096 -o pan pan.c
./pan -m200000 -E | grep -v "^unreached\|^	\|^$" >result
grep -E "errors|assertion|depth|stored|elapsed" result
grep -q "errors: 0" result
