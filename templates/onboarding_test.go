package templates

import (
	"strings"
	"testing"
)

func TestOnboardingOfStrangeNames(t *testing.T) {
	page := Onboard(Onboarding{Name: "a|b\n# c <script>", Targets: []Typed{{"te`st", "x | [y](z) `q`"}},
		OwnersFile: "CODEOWNERS", Owners: []Owner{{"*", "@team"}}})
	for _, want := range []string{"## Working on a\\|b # c &lt;script>\n", "| `davit te'st` | x \\| \\[y](z) \\`q\\` |\n", "| `*` | @team |\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	if strings.Contains(page, "environments") || strings.Contains(page, "You need") {
		t.Errorf("it has parts that the project does not have:\n%s", page)
	}
}

func TestWithOnboarding(t *testing.T) {
	first := WithOnboarding("# Us\n\nHello.\n", "one\n")
	if want := "# Us\n\nHello.\n\n" + onboardingBegins + "\none\n" + onboardingEnds + "\n"; first != want {
		t.Errorf("got %q, want %q", first, want)
	}
	if got := WithOnboarding(first+"\nBye.\n", "two\n"); got != strings.Replace(first, "one", "two", 1)+"\nBye.\n" {
		t.Errorf("again: %q", got)
	}
	if got := WithOnboarding("", "one\n"); !strings.HasPrefix(got, onboardingBegins) {
		t.Errorf("got %q", got)
	}
	if got := WithOnboarding(onboardingBegins+"\nno end\n", "one\n"); !strings.Contains(got, "no end") {
		t.Errorf("a mark without its end loses text: %q", got)
	}
}
