#!/bin/sh
# Makes the previous version the current one. Called when the current one does not even start, so it
# needs nothing of it.
set -eu
FOLDER=${SENTINEL_FOLDER:-/opt/sentinel}
RESTART=${SENTINEL_RESTART:-systemctl restart sentinel-agent}

[ -f "$FOLDER/upgrade.json" ] || exit 0
[ -L "$FOLDER/previous" ] || exit 0
target=$(readlink "$FOLDER/previous")
ln -sfn "$target" "$FOLDER/.current.new"
mv -T "$FOLDER/.current.new" "$FOLDER/current"
rm -f "$FOLDER/upgrade.json" "$FOLDER/previous"
systemctl reset-failed sentinel-agent 2>/dev/null || true
exec $RESTART
