    [
      {:phoenix, "~> 1.7"},
      # {:old, "~> 1.0"},
      {:mix_audit, "~> 2.0", only: :dev},
      {:junit_formatter, "~> 3.3"}
    ]
