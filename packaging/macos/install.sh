#!/bin/sh
# Installs the Sentinel agent on macOS, unattended; for Jamf as a script, or in a package's postinstall.
# NOT verified: no macOS was at hand when it was written (docs/verified.md).
#
#   install.sh --executable FILE --server URL [--token-file FILE] [--server-pin PIN]
set -eu
executable='' server='' token_file='' pin=''
while [ $# -gt 0 ]; do
  case $1 in
    --executable) executable=$2; shift 2 ;;
    --server) server=$2; shift 2 ;;
    --token-file) token_file=$2; shift 2 ;;
    --server-pin) pin=$2; shift 2 ;;
    *) echo "install.sh: unknown option $1" >&2; exit 1 ;;
  esac
done
[ -f "$executable" ] && [ -n "$server" ] || { echo 'install.sh: --executable and --server are needed' >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo 'install.sh: root is needed' >&2; exit 1; }
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
version=$("$executable" --version)
folder=/Library/Sentinel
data='/Library/Application Support/Sentinel'
plist=/Library/LaunchDaemons/com.sentinel.agent.plist

install -d -m 0755 "$folder/versions/$version" "$data" /Library/Logs/Sentinel /usr/local/bin
install -m 0755 "$executable" "$folder/versions/$version/sentinel"
ln -sfn "versions/$version" "$folder/current"
ln -sfn "$folder/current/sentinel" /usr/local/bin/sentinel
if [ -n "$token_file" ]; then
  # Once, by hand of this script: the token never stands in the service's definition.
  SENTINEL_TOKEN=$(cat "$token_file") SENTINEL_SERVER_PIN=$pin \
    "$folder/current/sentinel" agent enroll --server "$server" --data "$data"
fi
sed -e "s|@SERVER@|$server|" -e "s|@SERVER_PIN@|$pin|" "$here/com.sentinel.agent.plist" > "$plist"
chmod 0644 "$plist"
launchctl bootout system "$plist" 2>/dev/null || true
launchctl bootstrap system "$plist"
"$folder/current/sentinel" agent install --all --data "$data" || [ $? = 2 ]
