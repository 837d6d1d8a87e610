//go:build !js

package ui

func setListWidth(int) {}
