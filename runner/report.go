package runner

// ReportStreams tells on which streams a step prints the report that it is asked for: its first. On neither if it leaves a file.
func ReportStreams(s Step) (stdout, stderr bool) {
	if len(s.Plan.Reports) == 0 || !s.Plan.Reports[0].Stdout {
		return false, false
	}
	format := s.Plan.Reports[0].Format
	return true, format == "unittest" || format == "libtest"
}
