package report

// digestAction is the action of the event by which GoDigest stands for the tests of a package.
const digestAction = "digest"

// GoDigest is a program for awk that reads `go test -json` and writes, for a package that passes, the numbers of its tests in
// place of their events; all other lines stay as they are, those of a package together. A package with a test that failed
// keeps its events.
const GoDigest = `
function field(name,  at, rest) {
	at = index($0, "\"" name "\":\"")
	if (!at) return ""
	rest = substr($0, at + length(name) + 4)
	return substr(rest, 1, match(rest, /[^\\]"/))
}
function show(pkg, whole,  i) {
	for (i = 1; i <= lines[pkg]; i++) {
		if (whole || !of[pkg, i]) print line[pkg, i]
		delete line[pkg, i]
		delete of[pkg, i]
	}
	lines[pkg] = 0
}
substr($0, 1, 1) != "{" { print; next }
{
	pkg = field("Package")
	if (pkg == "") { print; next }
	test = field("Test")
	action = field("Action")
	n = ++lines[pkg]
	line[pkg, n] = $0
	if (test != "") {
		of[pkg, n] = 1
		if (action == "pass") passed[pkg]++
		if (action == "fail") failed[pkg] = 1
		if (action == "skip") skipped[pkg]++
	} else if (action == "fail" || failed[pkg] && (action == "pass" || action == "skip")) {
		show(pkg, 1)
		fflush()
	} else if (action == "pass" || action == "skip") {
		printf "{\"Action\":\"digest\",\"Package\":\"%s\",\"Passed\":%d,\"Skipped\":%d}\n", pkg, passed[pkg], skipped[pkg]
		show(pkg, 0)
		fflush()
	}
}
END { for (pkg in lines) show(pkg, 1) }
`
