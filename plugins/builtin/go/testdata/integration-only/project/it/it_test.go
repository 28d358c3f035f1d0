//go:build integration
// +build integration

package it

import "testing"

func TestNothing(t *testing.T) {}
