package dock
