# equal GOT WANTED: fails the test when they differ.
equal() {
	[ "$1" = "$2" ] && return
	printf 'got:\n%s\nwanted:\n%s\n' "$1" "$2"
	exit 1
}
