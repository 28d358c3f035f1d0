// swift-tools-version: 6.2
targets: [.executableTarget(name: "A")]
