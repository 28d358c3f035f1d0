if [ -n "${SSH_PRIVATE_KEY-}" ]; then
  (umask 077 && mkdir -p ~/.ssh && printf '%s\n' "$SSH_PRIVATE_KEY" > ~/.ssh/id_ed25519)
  printf '%s\n' "${SSH_KNOWN_HOSTS-}" >> ~/.ssh/known_hosts
fi
