package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// Found returns the findings in a report of one of the formats of Convert that it returns as they are: the results of SARIF,
// the errors of Checkstyle, and the failures of JUnit XML. A failure without a file and a line is where its text says;
// see NewScanner for known.
func Found(format string, data []byte, known func(file string) bool) []Finding {
	switch format {
	case plan.FormatSARIF:
		return sarifFindings(data)
	case plan.FormatCheckstyle:
		return checkstyleFindings(data)
	}
	return junitFindings(data, known)
}

// A sarif is what is read of SARIF 2.1: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
type sarif struct {
	Runs []struct {
		Results []struct {
			Level     string
			RuleID    string `json:"ruleId"`
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           struct{ StartLine, StartColumn int }
				}
			}
		}
	}
}

func sarifFindings(data []byte) (all []Finding) {
	var log sarif
	if json.Unmarshal(data, &log) != nil {
		return nil
	}
	for _, run := range log.Runs {
		for _, r := range run.Results {
			if len(r.Locations) == 0 {
				continue
			}
			at := r.Locations[0].PhysicalLocation
			all = append(all, Finding{File: fileOf(at.ArtifactLocation.URI), Line: at.Region.StartLine, Column: at.Region.StartColumn,
				Message: strings.TrimSpace(r.Message.Text + suffix(r.RuleID)), Warning: r.Level != "error" && r.Level != ""})
		}
	}
	return all
}

// fileOf returns the path of a URI.
func fileOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return uri
	}
	return u.Path
}

// suffix returns the name of a rule as it stands behind a message.
func suffix(rule string) string {
	if rule == "" {
		return ""
	}
	return " (" + rule + ")"
}

func checkstyleFindings(data []byte) (all []Finding) {
	var found struct {
		Files []struct {
			Name   string `xml:"name,attr"`
			Errors []struct {
				Line     int    `xml:"line,attr"`
				Column   int    `xml:"column,attr"`
				Severity string `xml:"severity,attr"`
				Message  string `xml:"message,attr"`
			} `xml:"error"`
		} `xml:"file"`
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = latin1
	if d.Decode(&found) != nil {
		return nil
	}
	for _, file := range found.Files {
		for _, e := range file.Errors {
			all = append(all, Finding{File: file.Name, Line: e.Line, Column: e.Column, Message: e.Message,
				Warning: e.Severity != "error" && e.Severity != ""})
		}
	}
	return all
}

// A junitCase is what is read of a test case that failed.
type junitCase struct {
	Name   string       `xml:"name,attr"`
	File   string       `xml:"file,attr"`
	Line   string       `xml:"line,attr"`
	Faults []junitFault `xml:"failure"`
	Errors []junitFault `xml:"error"`
}

type junitFault struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func junitFindings(data []byte, known func(string) bool) (all []Finding) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = latin1
	for {
		t, err := d.Token()
		if err != nil {
			return all
		}
		var c junitCase
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "testcase" && d.DecodeElement(&c, &e) == nil {
			for _, f := range append(c.Faults, c.Errors...) {
				all = append(all, c.findings(f, known)...)
			}
		}
	}
}

// findings returns what a fault of the case says.
func (c junitCase) findings(f junitFault, known func(string) bool) []Finding {
	s := NewScanner(known)
	s.Add(f.Message + "\n" + f.Text + "\n")
	line, err := strconv.Atoi(c.Line)
	if found := s.Findings(); len(found) > 0 || err != nil || c.File == "" {
		return found
	}
	message, _, _ := strings.Cut(strings.TrimSpace(f.Message+"\n"+f.Text), "\n")
	return []Finding{{File: c.File, Line: line, Message: strings.TrimSpace(c.Name + ": " + message)}}
}
