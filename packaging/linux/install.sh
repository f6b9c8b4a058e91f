#!/bin/sh
# Installs the Sentinel agent on Linux, unattended. Run as root; running it again changes nothing.
#
#   install.sh --executable FILE --server URL [--token-file FILE] [--server-pin PIN] [--no-instrument]
#
# Exit codes: 0 installed, 1 wrong call, 2 something could not be written or started.
set -eu

executable='' server='' token_file='' pin='' instrument=yes root=''
while [ $# -gt 0 ]; do
  case $1 in
    --executable) executable=$2; shift 2 ;;
    --server) server=$2; shift 2 ;;
    --token-file) token_file=$2; shift 2 ;;
    --server-pin) pin=$2; shift 2 ;;
    --no-instrument) instrument=no; shift ;;
    # Another place than /, for images and for tests: nothing is started.
    --root) root=$2; shift 2 ;;
    *) echo "install.sh: unknown option $1" >&2; exit 1 ;;
  esac
done
[ -n "$executable" ] && [ -n "$server" ] || { echo 'install.sh: --executable and --server are needed' >&2; exit 1; }
[ -f "$executable" ] || { echo "install.sh: $executable is not there" >&2; exit 1; }
[ -n "$root" ] || [ "$(id -u)" = 0 ] || { echo 'install.sh: root is needed' >&2; exit 1; }
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

version=$("$executable" --version)
folder=$root/opt/sentinel
install -d -m 0755 "$folder/versions/$version" "$root/var/lib/sentinel" "$root/usr/local/bin" "$root/etc/systemd/system"
install -d -m 0700 "$root/etc/sentinel"
install -m 0755 "$executable" "$folder/versions/$version/sentinel.new"
mv -f "$folder/versions/$version/sentinel.new" "$folder/versions/$version/sentinel"
ln -sfn "versions/$version" "$folder/.current.new"
mv -T "$folder/.current.new" "$folder/current"
ln -sfn /opt/sentinel/current/sentinel "$root/usr/local/bin/sentinel"
install -m 0755 "$here/roll-back.sh" "$folder/roll-back.sh"
install -m 0644 "$here/sentinel-agent.service" "$here/sentinel-agent-roll-back.service" "$root/etc/systemd/system/"

# Readable for root only: the token is worth an enrolment.
umask 077
{
  echo "SENTINEL_SERVER=$server"
  [ -z "$pin" ] || echo "SENTINEL_SERVER_PIN=$pin"
  [ -z "$token_file" ] || echo "SENTINEL_TOKEN=$(cat "$token_file")"
} > "$root/etc/sentinel/agent.env.new"
mv -f "$root/etc/sentinel/agent.env.new" "$root/etc/sentinel/agent.env"

if [ -n "$root" ]; then
  echo "Sentinel $version lies in $root"
  exit 0
fi
systemctl daemon-reload || exit 2
systemctl enable --now sentinel-agent.service || exit 2
[ "$instrument" = no ] || /opt/sentinel/current/sentinel agent install --all --data /var/lib/sentinel || [ $? = 2 ]
echo "Sentinel $version runs; sentinel agent status says how it does"
