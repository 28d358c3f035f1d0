(ns options-test)
