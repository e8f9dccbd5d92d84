#!/usr/bin/env bash
# The saved string from a shell script, with curl 7.84 or newer.
# usage: saved-string.sh read | change ETAG TEXT | follow
set -euo pipefail
url=${URL:-http://localhost:8080/}

# Prints the ETag on a line, then the string.
read_string() {
  local answer
  answer=$(curl -sS --max-time 10 --fail-with-body -H 'Accept: text/plain' -w '\n%header{etag}' "$url") || fail "$answer"
  printf '%s\n%s\n' "${answer##*$'\n'}" "${answer%$'\n'*}"
}

# Saves the text unless somebody else has changed the string since it had that ETag, and prints the new state as JSON.
change() {
  local answer
  answer=$(printf '%s' "$2" | curl -sS --max-time 10 --fail-with-body -X PUT -H "X-API-Key: $KEY" -H "If-Match: $1" \
    -H 'Content-Type: text/plain' --data-binary @- "$url") || fail "$answer"
  printf '%s\n' "$answer"
}

# Prints each state as a line of JSON, as it comes; after a lost connection it resumes where it was.
follow() {
  local id='' event='' data='' line
  while true; do
    while IFS= read -r line; do
      case $line in
        'event: '*) event=${line#event: } ;;
        'data: '*) data=${line#data: } ;;
        'id: '*) id=${line#id: } ;;
        '')
          # Other events are signs of life.
          if [ -n "$data" ] && [ -z "$event" ]; then printf '%s\n' "$data"; fi
          event='' data=''
          ;;
      esac
    done < <(curl -sSN --fail --connect-timeout 10 --speed-limit 1 --speed-time 60 ${id:+-H "Last-Event-ID: $id"} "${url}events")
    event='' data=''
    sleep 1
  done
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

case ${1:-} in
  read) read_string ;;
  change) change "$2" "$3" ;;
  follow) follow ;;
  *) sed -n '2,3s/^# //p' "$0" && exit 64 ;;
esac
