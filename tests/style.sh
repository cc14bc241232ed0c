#!/usr/bin/env bash
# Layout by clang-format 14, files under about 600 lines, no functions that are not used here.
cd "$(dirname "$0")/.." || exit 1
code=0
# Not by git: an unpacked archive has none.
mapfile -t files < <(find src tests bench -name node_modules -prune -o -name '*.[ch]' -print | sort)
if ! clang-format-14 --dry-run --Werror "${files[@]}"; then
    echo "clang-format-14 -i FILE lays it out"
    code=1
fi
for file in "${files[@]}"; do
    lines=$(wc -l <"$file")
    if [ "$lines" -gt 620 ]; then
        echo "$file has $lines lines; split it"
        code=1
    fi
done
if grep -nE '\b(strcpy|strcat|sprintf|atoi|gets)\(' "${files[@]}"; then
    echo "use the bounded forms"
    code=1
fi
# The length that snprintf answers is the one it wanted. Where a length is used base/format.h gives it.
if ! awk '
    FNR == 1 { before = ";" }
    /snprintf\(/ && FILENAME !~ /src\/base\/(format|arena|buf)\.c$/ &&
    ($0 !~ /^[ \t]*v?snprintf\(/ || before !~ /([;{})]|else|:|\*\/)[ \t]*$/) {
        print FILENAME ":" FNR ": " $0; bad = 1
    }
    NF { before = $0 }
    END { exit bad }' "${files[@]}"; then
    echo "the length of snprintf is used; take format_text or format_whole of base/format.h"
    code=1
fi
exit $code
