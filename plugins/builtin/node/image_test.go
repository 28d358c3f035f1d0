package node

import (
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/sdk"
)

func TestListens(t *testing.T) {
	for text, want := range map[string][]int{
		`app.listen(3000);`: {3000},
		`app.listen(process.env.PORT || 3000, () => {})`:        {3000},
		"http.createServer(f).listen(process.env.PORT ?? 8080)": {8080},
		"a.listen(1)\nb.listen(2)\na.listen(1)":                 {1, 2},
		`// app.listen(3000);`:                                  nil,
		`app.listen(port)`:                                      nil,
		`app.listen(0)`:                                         nil,
		`console.log("app.listen(3000)")`:                       nil,
	} {
		if got := sdk.PortsIn(text, listening()); !slices.Equal(got, want) {
			t.Errorf("%q listens on %v, wanted %v", text, got, want)
		}
	}
}

func TestStartEntry(t *testing.T) {
	for text, want := range map[string]string{
		"node index.js": "node index.js",
		"NODE_ENV=production PORT=1 node --x a.js": "node --x a.js NODE_ENV=production PORT=1",
		"cross-env A=b node dist":                  "node dist A=b",
		"npx next start -p 80":                     "next start -p 80",
		"next start":                               "next start",
		"npm run build && node a.js":               "is more than one program",
		"node $MAIN":                               "is more than one program",
		"node --env-file=.env a.js":                "is for development",
		"nodemon a.js":                             "needs nodemon, which is not among the dependencies",
	} {
		u := &unit{root: &manifest{Dir: ".", Scripts: map[string]string{"start": text},
			Sections: map[string]map[string]string{
				"dependencies": {"next": "^15"}, "devDependencies": {"nodemon": "^3"},
			}}}
		e, err := u.startEntry(u.root.script("start"))
		got := e.words
		for _, name := range []string{"A", "NODE_ENV", "PORT"} {
			if e.env[name] != "" {
				got = append(got, name+"="+e.env[name])
			}
		}
		if err == nil && strings.Join(got, " ") != want || err != nil &&
			!strings.Contains(err.Error(), want) {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
}
