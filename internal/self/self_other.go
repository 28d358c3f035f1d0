//go:build !linux && !darwin

package self

func space() string { return "" }

func began(int) (at string, ended bool) { return "", false }
