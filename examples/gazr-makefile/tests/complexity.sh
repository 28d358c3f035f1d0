# complexity.sh LIMIT FILE...: fails for files of more than LIMIT lines.
limit=$1
shift
failed=0
for file in "$@"; do
	lines=$(($(wc -l <"$file")))
	[ "$lines" -le "$limit" ] && continue
	echo "$file: $lines lines, at most $limit wanted"
	failed=1
done
exit $failed
