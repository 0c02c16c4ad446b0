#include "args/scanner.h"

#include "args/paths.h"
#include "base/str.h"

#include <algorithm>
#include <array>

namespace ice::args {

namespace {

bool is_option(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

std::optional<Language> language_value(std::string_view value) {
    constexpr std::array known{Language::c, Language::cxx, Language::objective_c,
                               Language::objective_cxx};
    const auto row = std::ranges::find(known, value, language_option);
    return row == known.end() ? std::nullopt : std::optional(*row);
}

} // namespace

Scanner::Scanner(const Request& request) : request_(request) {
    scan_.analysis.kind = request.compiler.kind;
}

Scan Scanner::run() {
    while (next_ < request_.words.size()) {
        take_next();
    }
    if (modules_) {
        for (const std::size_t word : words_of_modules_) {
            scan_.analysis.words[word].word_class = WordClass::dropped;
        }
    }
    scan_.analysis.remote_preprocessing_allowed = !full_preprocessing_ && !unused_macros_;
    return std::move(scan_);
}

void Scanner::take_next() {
    const std::string& word = request_.words[next_++];
    if (!is_option(word)) {
        take_operand(word);
        return;
    }
    const Match match = match_option(driver_options(), word, scan_.analysis.kind);
    Found found{.word = word, .value = {}, .first = scan_.analysis.words.size()};
    push(word, match.option == nullptr ? WordClass::both : match.option->word_class);
    if (match.option == nullptr) {
        const std::size_t equals = word.find('=');
        found.value = equals == word.npos ? "" : found.word.substr(equals + 1);
        unknown_value(found);
        return;
    }
    found.value_word = found.first;
    found.value_offset = match.value_offset;
    if (match.value_follows) {
        if (next_ == request_.words.size()) {
            refuse_missing(word); // the compiler complains better than we could
            return;
        }
        push(request_.words[next_++], match.option->word_class);
        found.value_word = found.first + 1;
        found.value_offset = 0;
    }
    // A view of the request, not of the analysis: effects may rewrite their words.
    found.value = match.value_follows ? std::string_view(request_.words[next_ - 1])
                                      : found.word.substr(match.value_offset);
    if (match.option->effect != nullptr) {
        (this->*match.option->effect)(found);
    }
}

void Scanner::take_operand(const std::string& word) {
    if (word.starts_with('@')) {
        // A response file that could not be read. If there is none, the preprocessor will say so;
        // a pipe, say, is the compiler's own to read.
        push(word, WordClass::local);
        if (word.size() > 1 && request_.files.exists(absolute(word.substr(1)))) {
            refuse_with(str("argument ", word, ", building locally"));
        }
        return;
    }
    push(word, WordClass::input);
    if (scan_.inputs.empty()) {
        scan_.explicit_language = current_language_;
    }
    scan_.inputs.push_back(word);
}

void Scanner::push(std::string_view text, WordClass word_class) {
    scan_.analysis.words.push_back({std::string(text), word_class});
}

void Scanner::refuse_with(std::string reason) {
    if (scan_.analysis.reason.empty()) {
        scan_.analysis.reason = std::move(reason);
    }
}

void Scanner::refuse_missing(std::string_view word) {
    refuse_with(str("argument ", word, " lacks its value, building locally"));
}

void Scanner::set_class(const Found& option, WordClass word_class) {
    auto& words = scan_.analysis.words;
    for (std::size_t i = option.first; i < words.size(); ++i) {
        words[i].word_class = word_class;
    }
}

std::string Scanner::absolute(std::string_view path) const {
    return absolute_path(request_.working_directory, path);
}

bool Scanner::looks_like_path(std::string_view value) const {
    return !value.empty() &&
           (value.find('/') != value.npos || request_.files.exists(absolute(value)));
}

void Scanner::refuse(const Found& option) {
    refuse_with(str("argument ", option.word, ", building locally"));
}

void Scanner::refuse_preprocessing(const Found&) { refuse_with("preprocessing, building locally"); }

void Scanner::refuse_side_file(const Found& option) {
    refuse_with(str("compiler will emit additional local files (argument ", option.word,
                    "); building locally"));
}

void Scanner::compile(const Found&) { scan_.compiles = true; }

void Scanner::assemble(const Found&) { scan_.analysis.to_assembly = true; }

void Scanner::output(const Found& option) {
    scan_.analysis.output = option.value;
    scan_.output_named = true;
    if (option.value.empty() || option.value == "-") {
        refuse(option);
    }
}

void Scanner::language(const Found& option) {
    current_language_ = language_value(option.value);
    // Upstream looks only at the separate form; joined, "none" is the harmless default.
    const bool default_language = option.word == "-xnone";
    if (!current_language_ && !default_language) {
        refuse_with(str("argument -x ", option.value, ", building locally"));
    }
}

void Scanner::driver_mode(const Found& option) {
    if (option.value == "g++") {
        scan_.driver_language = Language::cxx;
    } else if (option.value == "gcc") {
        scan_.driver_language = Language::c;
    } else {
        refuse(option); // cl writes a.obj, cpp and flang do not compile
    }
}

void Scanner::emit_llvm(const Found&) { scan_.emits_llvm = true; }

void Scanner::dependencies(const Found&) { scan_.dependencies_by_driver = true; }

void Scanner::dependency_file(const Found&) { scan_.dependency_file_named = true; }

void Scanner::dependency_target(const Found&) { scan_.dependency_target_named = true; }

void Scanner::search_path(const Found& option) {
    // "-I -O2": somebody's variable was empty, and who knows what the compiler makes of it.
    if (option.value.starts_with("-O")) {
        refuse(option);
    }
}

void Scanner::forced_header(const Found& option) {
    search_path(option);
    const std::string header = absolute(option.value);
    if (!request_.files.is_regular(header) && request_.files.exists(header)) {
        refuse(option); // a pipe is read once, see settle_input()
    }
    if (!request_.files.is_readable(header) && request_.files.is_readable(header + ".gch")) {
        // Only the precompiled form exists. gcc -E cannot read it, a helper has not got it; the
        // source normally includes the header by itself as well.
        set_class(option, WordClass::dropped);
    }
}

void Scanner::input_charset(const Found&) { scan_.input_charset = true; }

void Scanner::modules(const Found&) { modules_ = true; }

/// Without -fmodules clang says that they are not used; so does its preprocessor, which never gets
/// -fmodules.
void Scanner::of_modules(const Found& option) {
    for (std::size_t word = option.first; word < scan_.analysis.words.size(); ++word) {
        words_of_modules_.push_back(word);
    }
}

/// clang takes it for preprocessing alone, so let the helper's refuse it.
void Scanner::traditional(const Found& option) {
    full_preprocessing(option);
    if (scan_.analysis.kind == CompilerKind::clang) {
        set_class(option, WordClass::both);
    }
}

void Scanner::machine(const Found& option) {
    if (option.value == "native") {
        set_class(option, WordClass::native);
        scan_.analysis.native_options.emplace_back(option.word);
    } else if (option.value.find("native") != option.value.npos) {
        refuse(option); // native+crypto and the like: -### does not spell them out
    }
}

void Scanner::cc1_machine(const Found& option) {
    if (option.value == "native") {
        refuse(option);
    }
}

void Scanner::target(const Found&) { scan_.analysis.target_named = true; }

void Scanner::architecture(const Found& option) {
    if (has_architecture_) {
        refuse_with("multiple -arch options, building locally");
    }
    has_architecture_ = !option.value.empty();
}

void Scanner::for_architecture(const Found& option) {
    const Match inner = match_option(driver_options(), option.value, scan_.analysis.kind);
    const bool harmless = inner.option == nullptr || (inner.option->effect == nullptr &&
                                                      inner.option->word_class == WordClass::both);
    if (!harmless) {
        refuse(option);
    }
}

void Scanner::split_dwarf(const Found& option) {
    // "single" puts the debug information into the object, with the helper's temporary name.
    if (option.value == "single") {
        refuse(option);
    }
    scan_.split_dwarf = true;
}

void Scanner::no_split_dwarf(const Found&) { scan_.split_dwarf = false; }

void Scanner::debug_info(const Found& option) {
    // Other words with -g say how the information is to look, not that there shall be any.
    const std::string_view what = option.value;
    if (what.empty() || (what.front() >= '0' && what.front() <= '3') || what.starts_with("gdb") ||
        what.starts_with("dwarf") || what.starts_with("stabs")) {
        scan_.debug_info = what != "0";
    }
}

void Scanner::verbose_assembly(const Found&) { scan_.verbose_assembly = true; }

void Scanner::lto(const Found& option) {
    const bool serial = scan_.analysis.kind == CompilerKind::gcc &&
                        (option.word == "-flto" || option.word == "-flto=1");
    scan_.lto = serial ? "" : option.word;
}

void Scanner::no_lto(const Found&) { scan_.lto.clear(); }

void Scanner::sanitize(const Found& option) {
    // These need list files of the compiler's resource directory, which environments of upstream
    // do not have.
    if (scan_.analysis.kind == CompilerKind::clang &&
        (option.value.find("cfi") != option.value.npos ||
         option.value.find("dataflow") != option.value.npos)) {
        refuse(option);
    }
}

void Scanner::compilation_directory(const Found& option) {
    scan_.analysis.compilation_directory = option.value;
}

void Scanner::extra_file(const Found& option) {
    const auto path = ship(option.value);
    if (!path) {
        refuse_with(str("file for argument ", option.word, " missing, building locally"));
        return;
    }
    std::string& text = scan_.analysis.words[option.value_word].text;
    text.replace(option.value_offset, text.npos, *path);
}

std::optional<std::string> Scanner::ship(std::string_view path) {
    const std::string absolute_path = absolute(path);
    if (path.empty() || !request_.files.is_regular(absolute_path) ||
        !request_.files.is_readable(absolute_path)) {
        return std::nullopt;
    }
    scan_.analysis.extra_files.push_back(absolute_path);
    return absolute_path;
}

void Scanner::basic_block_sections(const Found& option) {
    if (option.value.starts_with("list=")) {
        refuse(option); // a file with function names
    }
}

void Scanner::report(const Found& option) {
    const std::size_t equals = option.word.find('=');
    const auto file = equals == option.word.npos ? "" : option.word.substr(equals + 1);
    if (!file.empty() && file != "stderr" && file != "stdout") {
        refuse_side_file(option);
    }
}

void Scanner::diagnostics_format(const Found& option) {
    if (option.value.ends_with("-file")) {
        refuse_side_file(option);
    }
}

void Scanner::unknown_value(const Found& option) {
    if (looks_like_path(option.value)) {
        refuse(option);
    }
}

void Scanner::colour(const Found&) { scan_.analysis.colour_chosen = true; }

void Scanner::automatic_colour(const Found&) { scan_.analysis.colour_chosen = false; }

void Scanner::carets(const Found&) { scan_.analysis.carets_wanted = true; }

void Scanner::no_carets(const Found&) { scan_.analysis.carets_wanted = false; }

void Scanner::full_preprocessing(const Found&) { full_preprocessing_ = true; }

void Scanner::unused_macros(const Found&) { unused_macros_ = true; }

void Scanner::no_unused_macros(const Found&) { unused_macros_ = false; }

} // namespace ice::args
