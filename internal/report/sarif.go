package report

import (
	"encoding/json"
	"net/url"
)

// SARIFVersion is the version of SARIF that is read and written.
const SARIFVersion = "2.1.0"

type object map[string]any

// SARIF returns a document of SARIF with the runs of several.
func SARIF(runs []json.RawMessage) []byte {
	text, _ := json.MarshalIndent(object{ // cannot fail, since each run has been read
		"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		"version": SARIFVersion, "runs": append([]json.RawMessage{}, runs...),
	}, "", "  ")
	return append(text, '\n')
}

// SARIFRuns returns the runs of a document of SARIF, each with an identity if it has none; ok is false for another version.
func SARIFRuns(data []byte, id string) (runs []json.RawMessage, ok bool) {
	var log struct {
		Version string
		Runs    []map[string]json.RawMessage
	}
	if json.Unmarshal(data, &log) != nil || log.Version != SARIFVersion {
		return nil, false
	}
	for _, run := range log.Runs {
		if run == nil {
			return nil, false
		}
		if run["automationDetails"] == nil {
			run["automationDetails"] = marshalled(object{"id": id + "/"})
		}
		runs = append(runs, marshalled(run))
	}
	return runs, true
}

// SARIFRun returns a run with findings whose files are paths from the root of the repository.
func SARIFRun(id string, found []Finding) json.RawMessage {
	results := []object{}
	for _, f := range found {
		results = append(results, f.sarif())
	}
	return marshalled(object{
		"tool": object{"driver": object{"name": id}}, "automationDetails": object{"id": id + "/"}, "results": results,
	})
}

// sarif returns a result of SARIF.
func (f Finding) sarif() object {
	place := object{"artifactLocation": object{"uri": (&url.URL{Path: f.File}).EscapedPath(), "uriBaseId": "%SRCROOT%"}}
	if f.Line > 0 {
		region := object{"startLine": f.Line}
		if f.Column > 0 {
			region["startColumn"] = f.Column
		}
		place["region"] = region
	}
	level := map[bool]string{false: "error", true: "warning"}[f.Warning]
	return object{"level": level, "message": object{"text": f.Message}, "locations": []object{{"physicalLocation": place}}}
}

// marshalled returns the JSON of what JSON can hold.
func marshalled(v any) json.RawMessage {
	text, _ := json.Marshal(v)
	return text
}
