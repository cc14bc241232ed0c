# Sourced by ./run, ./test and bench/run: install_missing SET... installs Debian packages that are
# not there, saying which. Asks sudo only when not root. Nothing is downloaded when all is there.
packages_build="build-essential cmake ninja-build pkg-config libmicrohttpd-dev libjansson-dev
libgnutls28-dev libsqlite3-dev libpq-dev libsodium-dev zlib1g-dev libutf8proc-dev
libcurl4-openssl-dev libarchive-dev tzdata"
packages_test="libcmocka-dev postgresql nodejs npm curl openssl clang-format-14
procps python3 python3-aiosmtpd php-cli clang libclang-rt-14-dev"
packages_bench="nginx-light"

install_missing() {
    local missing=() set package
    for set in "$@"; do
        local name=packages_$set
        for package in ${!name}; do
            [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
                missing+=("$package")
        done
    done
    # Another Node.js than Debian's serves as well.
    if command -v node >/dev/null && command -v npm >/dev/null; then
        local kept=()
        for package in "${missing[@]}"; do
            case $package in nodejs | npm) ;; *) kept+=("$package") ;; esac
        done
        missing=("${kept[@]}")
    fi
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "Installing with apt-get: ${missing[*]}" >&2
    local sudo=()
    [ "$(id -u)" = 0 ] || sudo=(sudo)
    "${sudo[@]}" apt-get update -q >&2
    # Debian starts a database or web server of its own when their packages are installed; this
    # machine only needs the programs.
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q \
        --no-install-recommends "${missing[@]}" >&2
}
