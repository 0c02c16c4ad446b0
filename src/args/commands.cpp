#include "args/commands.h"

#include "args/paths.h"

#include <algorithm>

namespace ice::args {

namespace {

using Words = std::vector<std::string>;

void append(Words& to, const Words& words) { to.insert(to.end(), words.begin(), words.end()); }

bool has_word(const Analysis& analysis, std::string_view text) {
    return std::ranges::find(analysis.words, text, &Word::text) != analysis.words.end();
}

/// Which half -D and its like belong to, once it is known who expands macros.
WordClass effective_class(WordClass word_class, bool remote_preprocessing) {
    if (word_class == WordClass::preprocessor) {
        return remote_preprocessing ? WordClass::both : WordClass::local;
    }
    return word_class;
}

/// Words for the helper's list and, for old protocols, for one of two lists.
class RemoteWords {
public:
    void add(const std::string& word, WordClass word_class) {
        arguments.flags.push_back(word);
        (word_class == WordClass::remote ? arguments.remote_flags : arguments.rest_flags)
            .push_back(word);
    }
    void add(const Words& words, WordClass word_class) {
        for (const std::string& word : words) {
            add(word, word_class);
        }
    }

    RemoteArguments arguments;
};

/// In front, where gcc's driver puts them, too: -mno-avx2 counts before -march=native and behind.
Words native_words(const Analysis& analysis, const Plan& plan) {
    return analysis.native_options.empty() ? Words{} : plan.native_words;
}

} // namespace

std::string colour_option(CompilerKind kind) {
    return kind == CompilerKind::clang ? "-fcolor-diagnostics" : "-fdiagnostics-color";
}

bool preprocesses_remotely(const Analysis& analysis, const Plan& plan) {
    return plan.remote_preprocessing && analysis.remote_preprocessing_allowed &&
           !analysis.input_is_preprocessed;
}

Words preprocessor_command(const Analysis& analysis, const Plan& plan,
                           const std::string& compiler) {
    const bool remote_preprocessing = preprocesses_remotely(analysis, plan);
    Words command{compiler};
    append(command, native_words(analysis, plan));
    for (const Word& word : analysis.words) {
        switch (effective_class(word.word_class, remote_preprocessing)) {
        case WordClass::local:
        case WordClass::both:
        case WordClass::input:
            command.push_back(word.text);
            break;
        case WordClass::native:
        case WordClass::remote:
        case WordClass::preprocessor:
        case WordClass::dropped:
            break;
        }
    }
    append(command, analysis.dependency_words);
    if (!plan.colour_option.empty()) {
        command.push_back(plan.colour_option);
    }
    command.push_back("-E");
    if (remote_preprocessing) {
        command.push_back(analysis.kind == CompilerKind::clang ? "-frewrite-includes"
                                                               : "-fdirectives-only");
    }
    return command;
}

RemoteArguments remote_arguments(const Analysis& analysis, const Plan& plan) {
    const bool remote_preprocessing = preprocesses_remotely(analysis, plan);
    const bool clang = analysis.kind == CompilerKind::clang;
    RemoteWords words;
    words.add(native_words(analysis, plan), WordClass::both);
    for (const Word& word : analysis.words) {
        const WordClass word_class = effective_class(word.word_class, remote_preprocessing);
        if (word_class == WordClass::remote || word_class == WordClass::both) {
            words.add(word.text, word_class);
        }
    }
    words.add(analysis.to_assembly ? "-S" : "-c", WordClass::remote);
    if (!plan.colour_option.empty()) {
        words.add(plan.colour_option, WordClass::both);
    }
    if (!clang && remote_preprocessing && !has_word(analysis, "-fdirectives-only")) {
        words.add("-fdirectives-only", WordClass::remote);
    }
    if (clang && !remote_preprocessing) {
        // clang expands macros even in preprocessed text: a name such as `linux` that the source
        // has undefined would turn into 1 (clang 14, also with -x cpp-output).
        words.add("-undef", WordClass::remote);
    }
    if (clang && !analysis.target_named && !plan.clang_target.empty()) {
        words.add(Words{"-target", plan.clang_target}, WordClass::remote);
    }
    if (clang && !analysis.compilation_directory.empty()) {
        // Helpers set this too, in the same low-level way; the last one wins.
        words.add(
            Words{"-Xclang", "-fdebug-compilation-dir", "-Xclang", analysis.compilation_directory},
            WordClass::remote);
    }
    return std::move(words.arguments);
}

Words local_command(const std::string& compiler, const Words& original) {
    Words command{compiler};
    append(command, original);
    return command;
}

std::string dwo_path(const std::string& output) { return with_extension(output, "dwo"); }

} // namespace ice::args
