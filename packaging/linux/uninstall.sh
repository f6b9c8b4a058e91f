#!/bin/sh
# Takes the Sentinel agent off again: what was written into interpreters first, byte for byte.
#
#   uninstall.sh [--keep-data]
set -eu
[ "$(id -u)" = 0 ] || { echo 'uninstall.sh: root is needed' >&2; exit 1; }
/opt/sentinel/current/sentinel agent uninstall --all --data /var/lib/sentinel || [ $? = 2 ]
systemctl disable --now sentinel-agent.service || true
rm -f /etc/systemd/system/sentinel-agent.service /etc/systemd/system/sentinel-agent-roll-back.service /usr/local/bin/sentinel
systemctl daemon-reload || true
rm -rf /opt/sentinel /etc/sentinel
[ "${1:-}" = --keep-data ] || rm -rf /var/lib/sentinel
