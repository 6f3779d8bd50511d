#!/usr/bin/env bash
# Makes yesterday's log, an ordinary day to compare with: today's log without the client that
# is to be found, and with some of the other requests left out.

cd "$HOME/exercises" || exit 1

awk '$4 ~ /12\/May\/2025/ && $1 != "203.0.113.77" && NR % 9 { sub(/12\/May/, "11/May"); print }' \
  access.log > access.log.1
