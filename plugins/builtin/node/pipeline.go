package main

func (u *unit) planPipelineStyle() {}
