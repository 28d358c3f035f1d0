package runner

import "github.com/davit-dev/davit/plugins/plan"

// ReportStreams returns the streams on which a step prints its first report: neither if it writes the report
// to a file.
func ReportStreams(s Step) (stdout, stderr bool) {
	if len(s.Plan.Reports) == 0 || !s.Plan.Reports[0].Stdout {
		return false, false
	}
	format := s.Plan.Reports[0].Format
	return true, format == plan.FormatUnittest || format == plan.FormatLibtest
}
