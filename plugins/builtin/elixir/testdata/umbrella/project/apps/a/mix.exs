[{:b, in_umbrella: true}]
