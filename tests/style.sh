#!/usr/bin/env bash
# Layout by clang-format 14, files under about 600 lines, no functions that are not used here.
cd "$(dirname "$0")/.." || exit 1
code=0
mapfile -t files < <(git ls-files --cached --others --exclude-standard '*.c' '*.h' | grep -v '^build/')
clang-format-14 --dry-run --Werror "${files[@]}" || code=1
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
exit $code
