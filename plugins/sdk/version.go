package sdk

import (
	"cmp"
	"strconv"
	"strings"
)

// CompareVersions compares versions by their dotted numbers. The result is negative if a is older than b,
// zero if they are the same, positive if a is newer. A number that is missing, or is not one, counts as 0:
// "1.26" is "1.26.0".
func CompareVersions(a, b string) int {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(as), len(bs)) {
		if order := cmp.Compare(numberAt(as, i), numberAt(bs, i)); order != 0 {
			return order
		}
	}
	return 0
}

func numberAt(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, _ := strconv.Atoi(parts[i])
	return n
}
