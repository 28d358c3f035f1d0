(ns t)
