// The options of clang's front end, as given through -Xclang.
#include "args/scanner.h"
#include "args/table.h"

#include <algorithm>
#include <array>

namespace ice::args {

namespace {

using enum Form;
using enum WordClass;

// Sorted by text (ASCII). The word class is what a word is for unless its effect says otherwise;
// a row without an effect needs no more than that.
//
constexpr auto cc1_table = std::to_array<Option>({
    {"-D", joined_or_next, preprocessor},
    {"-E", exact, local, &Scanner::refuse},
    {"-I", joined_or_next, local},
    {"-MG", exact, local},
    {"-MP", exact, local},
    {"-MQ", separate, local},
    {"-MT", separate, local},
    {"-MV", exact, local},
    {"-S", exact, local, &Scanner::refuse},
    {"-U", joined_or_next, preprocessor},
    {"-add-plugin", separate, both},
    {"-analyze", exact, local, &Scanner::refuse},
    {"-arcmt", starts, local, &Scanner::refuse},
    {"-ast-", starts, local, &Scanner::refuse},
    {"-aux-target-cpu", separate, local, &Scanner::refuse},
    {"-aux-triple", separate, both},
    {"-building-pch-with-obj", exact, local, &Scanner::refuse},
    {"-c-isystem", separate, local},
    {"-code-completion", starts, local, &Scanner::refuse},
    {"-coverage-data-file", separate, local, &Scanner::refuse_side_file},
    {"-coverage-data-file=", starts, local, &Scanner::refuse_side_file},
    {"-coverage-notes-file", separate, local, &Scanner::refuse_side_file},
    {"-coverage-notes-file=", starts, local, &Scanner::refuse_side_file},
    {"-cxx-isystem", separate, local},
    {"-debugger-tuning", separate, both},
    {"-dependency-dot", separate, local, &Scanner::refuse_side_file},
    {"-dependency-file", separate, local, &Scanner::refuse_side_file},
    {"-diagnostic-log-file", separate, local, &Scanner::refuse_side_file},
    {"-dump-", starts, local, &Scanner::refuse},
    {"-dwarf-debug-flags", separate, both},
    {"-emit-", starts, local, &Scanner::refuse},
    {"-extract-api", starts, local, &Scanner::refuse},
    {"-fdebug-compilation-dir", separate, both},
    {"-fdebug-prefix-map", separate, both},
    {"-fembed-offload-object", separate, local, &Scanner::refuse},
    {"-ferror-limit", separate, both},
    {"-fmessage-length", separate, both},
    {"-fmodule", starts, local, &Scanner::refuse},
    {"-foptimization-record-file=", starts, local, &Scanner::refuse_side_file},
    {"-fpass-plugin", equals, both, &Scanner::extra_file},
    {"-fprebuilt-module-path", equals, local, &Scanner::refuse},
    {"-fprofile-instrument-path", equals, local, &Scanner::refuse},
    {"-fprofile-instrument-use-path", equals, local, &Scanner::refuse},
    {"-fsanitize-blacklist", equals, both, &Scanner::extra_file},
    {"-fsanitize-coverage-allowlist", equals, both, &Scanner::extra_file},
    {"-fsanitize-coverage-ignorelist", equals, both, &Scanner::extra_file},
    {"-fsanitize-ignorelist", equals, both, &Scanner::extra_file},
    {"-fstack-usage", exact, local, &Scanner::refuse_side_file},
    {"-fsyntax-only", exact, local, &Scanner::refuse},
    {"-ftemplate-depth", separate, both},
    {"-fthin-link-bitcode=", starts, local, &Scanner::refuse_side_file},
    {"-ftime-trace", separate, local, &Scanner::refuse_side_file},
    {"-ftime-trace=", starts, local, &Scanner::refuse_side_file},
    {"-fvisibility", separate, both},
    {"-fxray-attr-list", equals, both, &Scanner::extra_file},
    {"-header-include-file", separate, local, &Scanner::refuse_side_file},
    {"-header-include-filter", separate, local},
    {"-idirafter", separate, local},
    {"-imacros", separate, local},
    {"-include", separate, local},
    {"-include-pch", separate, local},
    {"-internal-externc-isystem", separate, local},
    {"-internal-isystem", separate, local},
    {"-iquote", separate, local},
    {"-isysroot", separate, local},
    {"-isystem", separate, local},
    {"-iwithsysroot", separate, local},
    {"-load", separate, both, &Scanner::extra_file},
    {"-main-file-name", separate, both},
    {"-mframe-pointer", separate, both},
    {"-migrate", starts, local, &Scanner::refuse},
    {"-mllvm", separate, both},
    {"-module-dependency-dir", separate, local, &Scanner::refuse_side_file},
    {"-mrelocation-model", separate, both},
    {"-o", separate, local, &Scanner::refuse_side_file},
    {"-objcmt", starts, local, &Scanner::refuse},
    {"-opt-record-file", separate, local, &Scanner::refuse_side_file},
    {"-opt-record-file=", starts, local, &Scanner::refuse_side_file},
    {"-pic-level", separate, both},
    {"-plugin", separate, both},
    {"-plugin-arg-", starts_separate, both, &Scanner::unknown_value},
    {"-pp-", starts, local, &Scanner::refuse},
    {"-print-", starts, local, &Scanner::refuse},
    {"-resource-dir", separate, local},
    {"-rewrite-", starts, local, &Scanner::refuse},
    {"-serialize-diagnostic-file", separate, local, &Scanner::refuse_side_file},
    {"-split-dwarf-file", separate, local, &Scanner::refuse_side_file},
    {"-split-dwarf-output", separate, local, &Scanner::refuse_side_file},
    {"-stack-protector", separate, both},
    {"-stack-usage-file", separate, local, &Scanner::refuse_side_file},
    {"-stats-file", starts, local, &Scanner::refuse_side_file},
    {"-std", separate, both},
    {"-sys-header-deps", exact, local},
    {"-target-abi", separate, both},
    {"-target-cpu", separate, both, &Scanner::cc1_machine},
    {"-target-feature", separate, both},
    {"-target-linker-version", separate, both},
    {"-templight", starts, local, &Scanner::refuse},
    {"-triple", separate, both},
    {"-tune-cpu", separate, both, &Scanner::cc1_machine},
    {"-x", separate, local, &Scanner::refuse},
});

static_assert(std::ranges::is_sorted(cc1_table, {}, &Option::text));
static_assert(std::ranges::adjacent_find(cc1_table, {}, &Option::text) == cc1_table.end(),
              "one row per spelling");
static_assert(std::ranges::all_of(cc1_table,
                                  [](const Option& row) { return row.text.size() >= 2; }),
              "match_option() counts on it");

} // namespace

std::span<const Option> cc1_options() { return cc1_table; }

} // namespace ice::args
