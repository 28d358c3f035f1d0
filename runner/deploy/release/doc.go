// Package release holds deployments as pure data: the canonical form of what runs in an environment, the
// differences between models, drift, plans, and the records of releases. It asks no engine and reads no file;
// package compose makes desired models of Compose files, and a backend observes live ones.
//
// Three models are compared, as in Terraform. Desired is the Compose model of the environment with every
// image by its digest. Applied is that of the last healthy release. Observed is the live state. All have one
// canonical form: a service is a set of fields, each a path and a text, "environment.LOG_LEVEL" = "info", so
// that a difference has a name and can be ignored by it. A value that comes from a secret is never a text
// here: its field holds a keyed hash, so that a change shows and the value does not.
//
// The first part of a path says what kind of field it is. Those of a service that every backend has:
//
//	image                    the digest of the image
//	command, entrypoint      a JSON array
//	environment.NAME         the value
//	labels.NAME              the value; none that Compose or davit gives
//	user, working_dir
//	read_only, privileged    "true"; absent is false
//	ports.8080/tcp           "80", "127.0.0.1:80", "any" (the backend chooses), several sorted, with commas
//	volumes./data            "volume data", "bind ./etc" or "bind /etc", "anonymous", with ",ro"; data is its name in the files,
//	                         ./ is the project; "volume data (old)" has another name on the engine than that of the project and data
//	tmpfs./run               its options
//	networks.NAME            "", by the name in the Compose file
//	configs./x, secrets./x   a hash of the content of the file at /x
//	healthcheck.test         a JSON array; healthcheck.interval, .timeout, .start_period as "5s", .retries
//	cap_add.X, cap_drop.X    ""
//	memory                   bytes; cpus "0.5"
//
// and those of Docker alone:
//
//	docker.hostname, .stop_signal, .restart, .pid, .ipc, .network_mode
//	docker.init, docker.tty                   "true"; absent is false
//	docker.security_opt.X, .group_add.X       ""
//	docker.extra_hosts.NAME                   the address
//	docker.pids_limit                         a number
//	docker.volumes_from                       the modes, "ro rw"; absent is "rw" for all
//	docker.networks.NAME.aliases.A            "", not the service, the container's name or id
//	docker.networks.NAME.ipv4_address, .ipv6_address
//
// A network has driver, internal, attachable, labels.NAME; a volume driver, labels.NAME; and both external,
// the name. Everything else that a Compose file says has a path below "compose.", and is compared with the
// last release only.
package release
