# style.sh FILE...: fails for files that do not parse and for blanks at the ends of lines. It changes nothing.
failed=0
for file in "$@"; do
	sh -n "$file" || failed=1
	if grep -n '[[:blank:]]$' "$file"; then
		echo "$file: blanks at the end of a line; make format takes them off"
		failed=1
	fi
done
exit $failed
