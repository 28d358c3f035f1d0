package node

import "testing"

func TestRangesAcceptWhatNpmAccepts(t *testing.T) {
	for text, want := range map[string]struct{ yes, no []version }{
		">=18":    {[]version{{18}, {24, 1, 2}}, []version{{17, 99, 99}}},
		">= 18.2": {[]version{{18, 2}}, []version{{18, 1, 9}}},
		"^20.19.0 || ^22.12.0 || >=23": {[]version{{20, 19}, {22, 99}, {25}},
			[]version{{20, 18, 9}, {21}, {22, 11}}},
		"18.x":     {[]version{{18, 5, 1}}, []version{{19}, {17}}},
		"20":       {[]version{{20, 1}}, []version{{21}}},
		">=18 <21": {[]version{{20, 9}}, []version{{21}}},
		">18":      {[]version{{19}}, []version{{18, 99}}},
		"<=18":     {[]version{{18, 99}, {4}}, []version{{19}}},
		"~20.1":    {[]version{{20, 1, 7}}, []version{{20, 2}}},
		"~20":      {[]version{{20, 2}}, []version{{21}}},
		"*":        {[]version{{4}, {99}}, nil},
		"v20.1.0":  {[]version{{20, 1}}, []version{{20, 1, 1}}},
	} {
		r, ok := parseRange(text)
		if !ok {
			t.Errorf("%q is not read", text)
		}
		for _, v := range want.yes {
			if !r.accepts(v) {
				t.Errorf("%q does not accept %v", text, v)
			}
		}
		for _, v := range want.no {
			if r.accepts(v) {
				t.Errorf("%q accepts %v", text, v)
			}
		}
	}
}

func TestRangesThatAreNotSimpleAreLeftAlone(t *testing.T) {
	for _, text := range []string{"", "lts/*", "14 - 16", "current", ">=", "1.2.3.4", "|| 18", "=>18"} {
		if _, ok := parseRange(text); ok {
			t.Errorf("%q is read as a range", text)
		}
	}
}

func FuzzParseRange(f *testing.F) {
	f.Add("^20.19.0 || >= 22 <24.x")
	f.Fuzz(func(t *testing.T, text string) {
		if r, ok := parseRange(text); ok {
			r.accepts(version{20, 1, 1})
		}
	})
}
