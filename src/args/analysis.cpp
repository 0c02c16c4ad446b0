#include "args/analysis.h"

#include "args/paths.h"
#include "args/scanner.h"
#include "args/source_file.h"
#include "base/str.h"

#include <algorithm>
#include <string_view>

namespace ice::args {

namespace {

/// Why no helper can do this job, from the input file's side. Empty: nothing speaks against it.
std::string settle_input(const Request& request, Scan& scan) {
    Analysis& analysis = scan.analysis;
    if (scan.inputs.empty()) {
        return "no input file, building locally";
    }
    if (scan.inputs.size() > 1) {
        return str("found another non option on command line. Two input files: ", scan.inputs[0],
                   " ", scan.inputs[1]);
    }
    analysis.input = scan.inputs.front();
    if (analysis.input.empty() || analysis.input == "-") {
        return "input is not a file, building locally";
    }
    const std::string path = absolute_path(request.working_directory, analysis.input);
    if (!request.files.is_regular(path) && request.files.exists(path)) {
        // What a pipe says is gone by the time a failure is to be mended here.
        return str("source file ", analysis.input, " is not a regular file, building locally");
    }
    if (is_configure_probe(path, request.working_directory)) {
        return str("configure tests are run locally: ", analysis.input);
    }
    const std::size_t dot = extension_start(analysis.input);
    analysis.language =
        scan.explicit_language.value_or(scan.driver_language.value_or(request.compiler.language));
    if (scan.explicit_language || dot == analysis.input.size()) {
        return {};
    }
    const auto type = source_type(std::string_view(analysis.input).substr(dot + 1));
    if (!type) {
        return str("unknown extension ", analysis.input.substr(dot + 1), ", building locally");
    }
    if (!type->supported) {
        return str("source file ", analysis.input, ", building locally");
    }
    analysis.language = type->language.value_or(analysis.language);
    analysis.input_is_preprocessed = type->preprocessed;
    return {};
}

std::string_view default_extension(const Scan& scan) {
    if (scan.analysis.to_assembly) {
        return scan.emits_llvm ? "ll" : "s";
    }
    return scan.emits_llvm ? "bc" : "o";
}

std::string settle_output(const Request& request, Scan& scan) {
    Analysis& analysis = scan.analysis;
    if (!scan.output_named) {
        const std::string_view name = file_name(analysis.input);
        if (extension_start(name) == name.size()) {
            return "output file not named, building locally";
        }
        analysis.output = with_extension(name, default_extension(scan));
    }
    if (analysis.kind == CompilerKind::gcc && scan.split_dwarf &&
        extension_start(analysis.output) ==
            analysis.output.size() - file_name(analysis.output).size()) {
        // gcc calls it .o.dwo there, clang .dwo.
        return str("output ", analysis.output, " is but an extension, building locally");
    }
    const std::string path = absolute_path(request.working_directory, analysis.output);
    if (path == absolute_path(request.working_directory, analysis.input)) {
        return str("output ", analysis.output, " is the source itself, building locally");
    }
    const Entry there = request.files.entry(path);
    // Ours is a new file in the place of an old one. Compilers do the same with objects, but gcc
    // writes assembly into the file that is there.
    if (there == Entry::other || (there == Entry::shared_file && analysis.to_assembly)) {
        return str("output ", analysis.output, " is not a regular file, building locally");
    }
    return {};
}

/// Input that skips the local preprocessor cannot have what only that would do.
std::string settle_preprocessed(const Scan& scan) {
    const bool clang_dependencies = scan.analysis.kind == CompilerKind::clang &&
                                    scan.dependencies_by_driver; // gcc writes none for .i
    if (scan.analysis.input_is_preprocessed && (scan.input_charset || clang_dependencies)) {
        return str("source file ", scan.analysis.input, ", building locally");
    }
    return {};
}

/// gcc's assembly text may tell how it was made. With debug information it names the switches
/// (DW_AT_producer), a helper's -fdirectives-only among them, and orders its strings by a hash of
/// them all; without that switch the columns of expanded macros differ. With -fverbose-asm it has
/// the switches and the lines of the source, which a helper has not got. In an object this matters
/// little or not at all, but text is there to be read and compared (GCC's own gcc.dg/pch does).
std::string settle_assembly(const Scan& scan) {
    if (scan.analysis.kind != CompilerKind::gcc || !scan.analysis.to_assembly) {
        return {};
    }
    if (scan.verbose_assembly) {
        return "assembly with comments from the source, building locally";
    }
    return scan.debug_info ? "assembly with debug information, building locally" : "";
}

bool is_native(const Word& word) { return word.word_class == WordClass::native; }

/// What the native options stand for comes first. That is wrong where it has to override a word
/// before it, and for clang, which gets it behind all that its driver makes of other words.
std::string settle_native(const Analysis& analysis) {
    const auto& words = analysis.words;
    for (auto native = words.begin(); native != words.end(); ++native) {
        if (!is_native(*native)) {
            continue;
        }
        const bool clang = analysis.kind == CompilerKind::clang;
        const std::string_view option =
            clang ? "-m" : std::string_view(native->text).substr(0, native->text.find('=') + 1);
        if (std::any_of(words.begin(), clang ? words.end() : native, [&](const Word& word) {
                return word.text.starts_with(option) && !is_native(word);
            })) {
            return str(native->text, " beside another such option, building locally");
        }
    }
    return {};
}

std::vector<std::string> dependency_words(const Scan& scan) {
    std::vector<std::string> words;
    if (!scan.dependencies_by_driver)
        return words; // -Wp,-MD,FILE says all there is to say
    if (!scan.dependency_file_named)
        words = {"-MF", with_extension(scan.analysis.output, "d")};
    // The drivers name the object as the rule's target only if -o names it (gcc 12 cpp specs,
    // clang 14 Clang.cpp); a preprocessor run of ours has no -o.
    if (!scan.dependency_target_named && scan.output_named)
        words.insert(words.end(), {"-MQ", scan.analysis.output});
    return words;
}

/// Bits of protocol.md's arg_flags: one character after -g and -O is all that counts.
std::uint32_t summarise(const std::vector<std::string>& words) {
    std::uint32_t debug = 0;
    std::uint32_t optimise = 0;
    for (const std::string& word : words) {
        if (word.starts_with("-g")) {
            debug = word.starts_with("-g3") ? 2 : 1;
        } else if (word.starts_with("-O")) {
            const char level = word.size() == 2 ? '1' : word[2];
            optimise = level == '0' ? 0 : level == '1' ? 4 : level == '2' ? 8 : 16;
        }
    }
    return debug | optimise;
}

} // namespace

Analysis analyse(const Request& request) {
    Scan scan = Scanner(request).run();
    Analysis& analysis = scan.analysis;
    analysis.arg_flags = summarise(request.words);
    const bool makes_object = scan.compiles || analysis.to_assembly;
    if (!makes_object) {
        analysis.parallel_lto_link = scan.lto;
    }
    // In the order upstream decides: an option's reason counts more than the input's.
    if (analysis.reason.empty() && !makes_object) {
        analysis.reason = "neither -c nor -S argument, building locally";
    }
    if (analysis.reason.empty()) {
        analysis.reason = settle_input(request, scan);
    }
    if (analysis.reason.empty()) {
        analysis.reason = settle_output(request, scan);
    }
    if (analysis.reason.empty()) {
        analysis.reason = settle_preprocessed(scan);
    }
    if (analysis.reason.empty()) {
        analysis.reason = settle_assembly(scan);
    }
    if (analysis.reason.empty()) {
        analysis.reason = settle_native(analysis);
    }
    analysis.verdict = analysis.reason.empty() ? Verdict::remote : Verdict::local;
    analysis.dependency_words = dependency_words(scan);
    analysis.writes_dwo = scan.split_dwarf && !analysis.to_assembly;
    return std::move(analysis);
}

} // namespace ice::args
