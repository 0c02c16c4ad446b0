// A file system that is a set of names, in a working directory called /t.
#pragma once

#include "args/analysis.h"
#include "args/file_facts.h"
#include "args/response_file.h"

#include <map>
#include <set>
#include <string>

namespace ice::args {

constexpr auto test_directory = "/t";

class FakeFiles : public FileFacts {
public:
    FakeFiles(std::set<std::string> files, std::set<std::string> directories);

    [[nodiscard]] bool exists(const std::string& path) const override;
    [[nodiscard]] bool is_readable(const std::string& path) const override;
    [[nodiscard]] bool is_regular(const std::string& path) const override;
    [[nodiscard]] Entry entry(const std::string& path) const override;

private:
    std::set<std::string> files_; ///< absolute
    std::set<std::string> directories_;
};

/// The files that the corpus of command lines refers to.
[[nodiscard]] FakeFiles corpus_files();

/// The response files among them.
[[nodiscard]] Result<std::optional<std::string>> read_corpus_file(const std::string& path);

/// Splits a shell command line that uses quotes and backslashes only.
[[nodiscard]] std::vector<std::string> shell_words(const std::string& line);

/// analyse() for a command line in /t, with the corpus files; `line` begins with the compiler.
[[nodiscard]] Analysis analyse_line(const std::string& line);

} // namespace ice::args
