package report

// tapCounter counts the points of the Test Anything Protocol, without those of subtests.
type tapCounter struct {
	sum   Counts
	known bool
}

func (t *tapCounter) line(text string) {
	if plan := tapPlan().FindStringSubmatch(text); plan != nil && plan[1] == "" {
		t.known = true
	}
	point := tapTest().FindStringSubmatch(text)
	if point == nil || point[1] != "" {
		return
	}
	clue := tapClue().FindStringSubmatch(point[4])
	switch t.known = true; {
	case clue != nil:
		t.sum.Skipped++
	case point[2] != "":
		t.sum.Failed++
	default:
		t.sum.Passed++
	}
}

func (t *tapCounter) counts() (Counts, bool) { return t.sum, t.known }
