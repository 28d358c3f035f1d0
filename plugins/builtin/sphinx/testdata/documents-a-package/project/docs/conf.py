extensions = []
html_theme = "alabaster"
