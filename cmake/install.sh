# Sourced by ./run, ./test and bench/run: install_missing SET... installs Debian packages that are
# not there, saying which. Asks sudo only when not root. Nothing is downloaded when all is there.
packages_build="build-essential cmake ninja-build pkg-config libmicrohttpd-dev libjansson-dev
libgnutls28-dev libsqlite3-dev libpq-dev libsodium-dev zlib1g-dev libutf8proc-dev
libcurl4-openssl-dev libarchive-dev tzdata"
packages_test="libcmocka-dev postgresql curl openssl clang-format-14
procps python3 python3-aiosmtpd php-cli clang libclang-rt-14-dev chromium
fonts-dejavu-core prometheus systemd"
packages_console="nodejs npm"
packages_bench="nginx-light"

# What the packages of the build are elsewhere: programs, and libraries as pkg-config knows them.
programs_build="cc cmake ninja pkg-config"
libraries_build="libmicrohttpd jansson sqlite3 libpq libsodium zlib libutf8proc libcurl libarchive"

# Without apt-get: goes on when what the build needs is there.
look_elsewhere() {
    local missing=() name
    for name in $programs_build; do
        command -v "$name" >/dev/null || missing+=("$name")
    done
    for name in $libraries_build; do
        pkg-config --exists "$name" 2>/dev/null || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    {
        echo "There is no apt-get here, so nothing is installed by itself. Please install these programs"
        echo "and libraries (with their headers), and start again: ${missing[*]}"
        echo "(In Debian 12 the packages are:" $packages_build")"
    } >&2
    return 1
}

install_missing() {
    local missing=() set package
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        look_elsewhere
        return
    fi
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
    local sudo=()
    [ "$(id -u)" = 0 ] || sudo=(sudo)
    if [ ${#sudo[@]} -gt 0 ] && ! command -v sudo >/dev/null; then
        echo "There is no sudo here. Please run this as root:" >&2
        echo >&2
        echo "    apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
        return 1
    fi
    echo "Installing with apt-get: ${missing[*]}" >&2
    "${sudo[@]}" apt-get update -q >&2
    # Debian starts a database or web server of its own when their packages are installed; this
    # machine only needs the programs.
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q \
        --no-install-recommends "${missing[@]}" >&2
}
