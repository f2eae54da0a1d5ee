#!/bin/sh
# backup.sh FOLDER [KEEP]: a backup of today beside those before, of which the newest KEEP (14) stay.
set -eu
folder=${1:?name the folder of the backups}
keep=${2:-14}
case $keep in
  0* | *[!0-9]*)
    echo "KEEP is \"$keep\", and has to be a number from 1 on: no backup was made, and none removed" >&2
    exit 2
    ;;
esac
umask 077
mkdir -p "$folder"
"$(dirname -- "$0")/instep" backup "$folder/instep-$(date -u +%Y%m%dT%H%M%SZ).sqlite"
# Names sort as their times do; the accounts' file goes with its conversations'.
ls -1 "$folder" | grep -E '^instep-[0-9]{8}T[0-9]{6}Z\.sqlite$' | sort -r | tail -n "+$((keep + 1))" | while read -r old; do
  rm -f "$folder/$old" "$folder/$old.accounts"
done
# What a backup left that was killed; one that is being written is younger.
find "$folder" -maxdepth 1 -type f -name 'instep-*.part' -mtime +0 -exec rm -f {} +
