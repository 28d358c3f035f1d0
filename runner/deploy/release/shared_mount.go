package release

// VolumesFrom is the key by which a service shares the volumes of another.
const VolumesFrom = "volumes_from"

// GoneMount ends the field of a mount that a container has by volumes_from, and that the container which it had it from
// has no more.
const GoneMount = " of a container that was replaced"
