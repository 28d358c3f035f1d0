targets: [.executableTarget(name: "A")]
