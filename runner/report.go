package runner

import "github.com/davit-dev/davit/plugins/plan"

// ReportStreams tells on which streams a step prints the report that it is asked for: its first. On neither if it leaves a file.
func ReportStreams(s Step) (stdout, stderr bool) {
	if len(s.Plan.Reports) == 0 || !s.Plan.Reports[0].Stdout {
		return false, false
	}
	format := s.Plan.Reports[0].Format
	return true, format == plan.FormatUnittest || format == plan.FormatLibtest
}
