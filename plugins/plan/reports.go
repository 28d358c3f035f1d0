package plan

import "slices"

// WritesReports reports whether the command writes its reports into files of the project in each of its runs: they are
// JUnit XML, have a path, and ask for nothing. Then its tests are counted by the cases in those files that it wrote.
func (s Step) WritesReports() bool {
	return len(s.Reports) > 0 && !slices.ContainsFunc(s.Reports, func(r Report) bool {
		return r.Format != FormatJUnit || r.Path == "" || len(r.Args) > 0 || len(r.Env) > 0
	})
}
