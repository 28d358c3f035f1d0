# run.sh TEST...: runs each test in a shell of its own, and fails when one does.
failed=0
for test in "$@"; do
	[ "${V:-0}" = 0 ] || echo "run  $test"
	if sh "$test"; then
		echo "ok   $test"
	else
		echo "FAIL $test"
		failed=1
	fi
done
exit $failed
