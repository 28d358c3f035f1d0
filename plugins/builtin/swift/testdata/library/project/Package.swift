targets: [.target(name: "A"), .testTarget(name: "ATests")]
