// The options inside options: -Wp, and -Xpreprocessor for the preprocessor, -Wa, and -Xassembler
// for the assembler, -Xclang for clang's own front end.
#include "args/scanner.h"
#include "base/str.h"

#include <algorithm>
#include <array>

namespace ice::args {

namespace {

/// Calls `take` for each comma-separated part; an empty list has one empty part.
template <class Take>
void for_each_part(std::string_view list, Take take) {
    for (;;) {
        const std::size_t comma = list.find(',');
        take(list.substr(0, comma));
        if (comma == list.npos) {
            return;
        }
        list.remove_prefix(comma + 1);
    }
}

bool is_macro(std::string_view part) { return part.starts_with("-D") || part.starts_with("-U"); }

/// What an option of the preprocessor does to a preprocessor run of our own.
enum class Part { harmless, makes_dependencies, names_file, takes_value, harmful };

Part preprocessor_option(std::string_view part) {
    if (part == "-MD" || part == "-MMD") {
        return Part::makes_dependencies;
    }
    if (part == "-MF") {
        return Part::names_file;
    }
    if (part == "-MT" || part == "-MQ") {
        return Part::takes_value;
    }
    // Harmless in a whole compile, but they change what -E prints.
    constexpr auto printing =
        std::to_array<std::string_view>({"-P", "-d", "-fpreprocessed", "-o", "-traditional"});
    const bool other_dependencies = part.starts_with("-M") && part != "-MG" && part != "-MP" &&
                                    !part.starts_with("-MT") && !part.starts_with("-MQ") &&
                                    !part.starts_with("-MF");
    if (other_dependencies || std::ranges::any_of(printing, [&](std::string_view option) {
            return part.starts_with(option);
        })) {
        return Part::harmful;
    }
    return part.starts_with("-MF") ? Part::names_file : Part::harmless;
}

bool is_listing(std::string_view part) {
    // -al=FILE; without a file name the listing goes to stdout, which comes back.
    const std::size_t equals = part.find('=');
    return part.starts_with("-a") && equals != part.npos &&
           part.substr(2, equals - 2).find_first_not_of("abcdefghijklmnopqrstuvwxyz") == part.npos;
}

bool assembler_takes_value(std::string_view part) {
    // With one dash, too: as uses getopt_long_only().
    constexpr auto options = std::to_array<std::string_view>(
        {"--debug-prefix-map", "--defsym", "--listing-cont-lines", "--listing-lhs-width",
         "--listing-lhs-width2", "--listing-rhs-width", "-I", "-debug-prefix-map", "-defsym"});
    return std::ranges::find(options, part) != options.end();
}

bool assembler_writes_file(std::string_view part) {
    return is_listing(part) || part.starts_with("-o") || part.starts_with("-MD") ||
           part.starts_with("--MD");
}

} // namespace

void Scanner::preprocessor_list(const Found& option) {
    if (scan_.analysis.kind == CompilerKind::clang && option.word.starts_with("-Wp,-M") &&
        clang_dependencies(option)) {
        return;
    }
    bool only_macros = true;
    for_each_part(option.value, [&](std::string_view part) {
        only_macros = only_macros && is_macro(part);
        preprocessor_part(part, option);
    });
    set_class(option, only_macros ? WordClass::preprocessor : WordClass::local);
}

bool Scanner::clang_dependencies(const Found& option) {
    // clang 14 (Driver.cpp) takes -Wp,-MD as its own -MD, -Wp,-MD,FILE as -MD -MF FILE, and forgets
    // whatever else the word says.
    const std::size_t comma = option.value.find(',');
    const std::string_view first = option.value.substr(0, comma);
    if (first != "-MD" && first != "-MMD") {
        return false;
    }
    scan_.dependencies_by_driver = true;
    if (comma != option.value.npos && option.value.find(',', comma + 1) == option.value.npos) {
        scan_.dependency_file_named = true;
    }
    set_class(option, WordClass::local);
    return true;
}

void Scanner::preprocessor_part(std::string_view part, const Found& option) {
    if (preprocessor_value_pending_) {
        preprocessor_value_pending_ = false;
        return;
    }
    const Part kind = preprocessor_option(part);
    if (kind == Part::harmful) {
        refuse(option);
    }
    if (kind == Part::makes_dependencies || kind == Part::names_file) {
        scan_.dependency_file_named = true; // cc1's -MD takes the file as its value
    }
    preprocessor_value_pending_ =
        kind == Part::makes_dependencies || kind == Part::takes_value || part == "-MF";
}

void Scanner::assembler_list(const Found& option) {
    std::string rewritten;
    for_each_part(option.value, [&](std::string_view part) {
        rewritten += str(rewritten.empty() ? "" : ",", assembler_part(part, option));
    });
    std::string& text = scan_.analysis.words[option.value_word].text;
    text.replace(option.value_offset, text.npos, rewritten);
}

std::string Scanner::assembler_part(std::string_view part, const Found& option) {
    if (assembler_value_pending_) {
        assembler_value_pending_ = false;
    } else if (assembler_takes_value(part)) {
        assembler_value_pending_ = true;
    } else if (assembler_writes_file(part)) {
        refuse_side_file(option);
    } else if (!part.starts_with('-')) {
        // Another input for the assembler. Includes @FILE, which may hold anything.
        if (auto path = ship(part)) {
            return *std::move(path);
        }
        refuse_with(str("file for argument ", option.word, " missing, building locally"));
    }
    return std::string(part);
}

void Scanner::cc1(const Found& outer) {
    const Match match = match_option(cc1_options(), outer.value, scan_.analysis.kind);
    Found inner{.word = outer.value,
                .value = outer.value,
                .first = outer.first,
                .value_word = outer.value_word};
    if (match.option == nullptr) {
        const std::size_t equals = outer.value.find('=');
        inner.value = outer.value.substr(equals + 1); // the whole word if it has no '='
        unknown_value(inner);
        return;
    }
    inner.value = outer.value.substr(match.value_offset);
    inner.value_offset = match.value_offset;
    if (match.value_follows) {
        if (next_ + 1 >= request_.words.size() || request_.words[next_] != outer.word) {
            refuse_missing(outer.value);
            return;
        }
        push(request_.words[next_++], match.option->word_class);
        inner.value_word = scan_.analysis.words.size();
        inner.value_offset = 0;
        push(request_.words[next_], match.option->word_class);
        inner.value = request_.words[next_++];
    }
    set_class(inner, match.option->word_class);
    if (match.option->effect != nullptr) {
        (this->*match.option->effect)(inner);
    }
}

} // namespace ice::args
