package app

import (
	"slices"
	"testing"
)

func TestStepsDoNotGetTheRepositoryOfAHook(t *testing.T) {
	env := []string{"GIT_DIR=/a/.git", "GIT_AUTHOR_NAME=a", "GIT_INDEX_FILE=.git/index.lock", "GIT_CONFIG_COUNT=0", "PATH=/bin"}
	if got, want := withoutHook(env), []string{"GIT_AUTHOR_NAME=a", "GIT_CONFIG_COUNT=0", "PATH=/bin"}; !slices.Equal(got, want) {
		t.Errorf("got %q, wanted %q", got, want)
	}
}
