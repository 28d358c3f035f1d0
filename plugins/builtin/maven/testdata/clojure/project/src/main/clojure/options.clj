(ns options)
