# watch.sh: tests again whenever a file of the project changes, until Ctrl-C.
last=
while :; do
	now=$(ls -lR src lib tests)
	[ "$now" = "$last" ] || make test
	last=$now
	sleep 1
done
