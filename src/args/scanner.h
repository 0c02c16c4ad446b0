// Scanner: one pass over the words of a command line, applying the rows of the option table.
//
// It fills in what can be known word by word; analyse() draws the conclusions. Internal to the
// layer: only the option tables and analysis.cpp include it.
#pragma once

#include "args/analysis.h"
#include "args/table.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ice::args {

/// One option on the command line.
struct Found {
    std::string_view word;        ///< the option as written, with a joined value
    std::string_view value;       ///< empty if it has none
    std::size_t first = 0;        ///< its words begin here in the analysis, and are the last
    std::size_t value_word = 0;   ///< the word that holds the value ...
    std::size_t value_offset = 0; ///< ... and where in it
};

/// What analyse() needs beyond the Analysis itself.
struct Scan {
    Analysis analysis;
    std::vector<std::string> inputs;
    std::optional<Language> explicit_language; ///< -x, as it applies to the first input
    std::optional<Language> driver_language;   ///< --driver-mode: what the driver's name would say
    bool output_named = false;                 ///< -o
    bool compiles = false;                     ///< -c
    bool emits_llvm = false;
    bool split_dwarf = false;
    bool input_charset = false;
    bool debug_info = false; ///< -g and its levels and formats
    bool verbose_assembly = false;
    std::string lto; ///< the -flto word that makes a link parallel

    bool dependencies_by_driver = false;  ///< -MD, -MMD
    bool dependency_file_named = false;   ///< by either
    bool dependency_target_named = false; ///< -MT, -MQ of the driver
};

class Scanner {
public:
    explicit Scanner(const Request& request);
    [[nodiscard]] Scan run();

    // Effects of the table's rows. Those that refuse make the job local.
    void refuse(const Found&);               ///< no helper can do this
    void refuse_preprocessing(const Found&); ///< -E
    void refuse_side_file(const Found&);     ///< writes more than the object

    void compile(const Found&);
    void assemble(const Found&);
    void output(const Found&);
    void language(const Found&);
    void driver_mode(const Found&);
    void emit_llvm(const Found&);

    void dependencies(const Found&);
    void dependency_file(const Found&);
    void dependency_target(const Found&);
    void preprocessor_list(const Found&); ///< -Wp,A,B and -Xpreprocessor A
    void assembler_list(const Found&);    ///< -Wa,A,B and -Xassembler A
    void cc1(const Found&);               ///< -Xclang A

    void search_path(const Found&);
    void forced_header(const Found&);
    void input_charset(const Found&);

    void modules(const Found&);
    void of_modules(const Found&);
    void traditional(const Found&);

    void machine(const Found&); ///< -march= and its relatives
    void cc1_machine(const Found&);
    void target(const Found&);
    void architecture(const Found&);
    void for_architecture(const Found&); ///< -Xarch_ARCH OPTION
    void split_dwarf(const Found&);
    void no_split_dwarf(const Found&);
    void debug_info(const Found&);
    void verbose_assembly(const Found&);
    void lto(const Found&);
    void no_lto(const Found&);
    void sanitize(const Found&);
    void compilation_directory(const Found&);

    void extra_file(const Found&);
    void basic_block_sections(const Found&);
    void report(const Found&);             ///< side file unless it names stderr or stdout
    void diagnostics_format(const Found&); ///< side file if it ends in "-file"
    void unknown_value(const Found&);      ///< side file or unshippable if it looks like a path

    void colour(const Found&);
    void automatic_colour(const Found&);
    void carets(const Found&);
    void no_carets(const Found&);
    void full_preprocessing(const Found&);
    void unused_macros(const Found&);
    void no_unused_macros(const Found&);

private:
    void take_next();
    void take_operand(const std::string& word);
    void push(std::string_view text, WordClass word_class);
    void refuse_with(std::string reason);
    void refuse_missing(std::string_view word);
    void set_class(const Found& option, WordClass word_class);
    [[nodiscard]] bool clang_dependencies(const Found& option);
    void preprocessor_part(std::string_view part, const Found& option);
    [[nodiscard]] std::string assembler_part(std::string_view part, const Found& option);
    /// Puts a file among the extra ones; its absolute path, or nothing if there is no such file.
    [[nodiscard]] std::optional<std::string> ship(std::string_view path);
    [[nodiscard]] std::string absolute(std::string_view path) const;
    [[nodiscard]] bool looks_like_path(std::string_view value) const;

    const Request& request_;
    Scan scan_;
    std::size_t next_ = 0; ///< in request_.words
    std::optional<Language> current_language_;
    bool has_architecture_ = false;
    bool assembler_value_pending_ = false;
    bool preprocessor_value_pending_ = false;
    bool modules_ = false;
    std::vector<std::size_t> words_of_modules_; ///< clang uses them with -fmodules only
    bool full_preprocessing_ = false;
    bool unused_macros_ = false;
};

} // namespace ice::args
