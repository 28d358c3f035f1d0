// made by yarn
