#include "fake_files.h"

#include "args/paths.h"
#include "base/str.h"

#include <stdexcept>

namespace ice::args {

namespace {

std::set<std::string> in_test_directory(const std::set<std::string>& names) {
    std::set<std::string> result;
    for (const std::string& name : names) {
        result.insert(absolute_path(test_directory, name));
    }
    return result;
}

} // namespace

FakeFiles::FakeFiles(std::set<std::string> files, std::set<std::string> directories)
    : files_(in_test_directory(files)), directories_(in_test_directory(directories)) {}

bool FakeFiles::exists(const std::string& path) const {
    return files_.contains(path) || directories_.contains(path) || path == "/dev/null";
}

bool FakeFiles::is_readable(const std::string& path) const { return exists(path); }

bool FakeFiles::is_regular(const std::string& path) const { return files_.contains(path); }

Entry FakeFiles::entry(const std::string& path) const {
    if (path == absolute_path(test_directory, "nowhere.o")) {
        return Entry::other;
    }
    if (path == absolute_path(test_directory, "twin.s")) {
        return Entry::shared_file;
    }
    return is_regular(path) ? Entry::file : exists(path) ? Entry::other : Entry::none;
}

FakeFiles corpus_files() {
    return FakeFiles({"-dash.c",
                      "CMakeCCompilerId.c",
                      "CheckFunctionExists.c",
                      "CheckIncludeFile.c",
                      "CheckIncludeFiles.c",
                      "CheckOther.c",
                      "CheckPrototypeDefinition.c",
                      "CheckSymbolExists.c",
                      "CheckSymbolExists.cxx",
                      "CheckTypeSize.c",
                      "a.c",
                      "args.rsp",
                      "as.rsp",
                      "asm.S",
                      "asm.s",
                      "asm.sx",
                      "b.c",
                      "cmd.rsp",
                      "code.profdata",
                      "conftest.a.c",
                      "conftest.c",
                      "conftest.cpp",
                      "conftest_util.c",
                      "defs.rsp",
                      "dir.d/plain",
                      "dup.c",
                      "empty.rsp",
                      "f.F",
                      "f.FOR",
                      "f.f",
                      "f.f90",
                      "f.for",
                      "f.fpp",
                      "gone.h.gch",
                      "ignore.txt",
                      "inc.h",
                      "inc.hpp",
                      "inc/inc2.h",
                      "k.CPP",
                      "k2.CC",
                      "k3.cppm",
                      "k4.ixx",
                      "k5.tcc",
                      "k6.H",
                      "keep.o",
                      "lib/libz.a",
                      "m.m",
                      "macros.s",
                      "myconftest.c",
                      "n.mm",
                      "nested.rsp",
                      "o.mi",
                      "obj.o",
                      "objs.rsp",
                      "p.adb",
                      "p.ads",
                      "p.cl",
                      "p.cu",
                      "p.d",
                      "p.go",
                      "p.java",
                      "p.mii",
                      "p.r",
                      "p.rs",
                      "p.y",
                      "pchonly.txt",
                      "plain",
                      "plugin.so",
                      "q.M",
                      "quoted.rsp",
                      "s.i",
                      "sp ace.c",
                      "sub/c.c",
                      "sub/conftest.c",
                      "sub/d.cpp",
                      "t.ii",
                      "testCCompiler.c",
                      "tmp.conftest.c",
                      "u.C",
                      "v.cp",
                      "w.c++",
                      "x.cpp",
                      "y.cc",
                      "z.cxx"},
                     {".", ".deps", ".libs", "CMakeFiles", "CMakeFiles/x.dir", "bin", "dir.d",
                      "foo.p", "inc", "lib", "obj", "outdir", "sub"});
}

Result<std::optional<std::string>> read_corpus_file(const std::string& path) {
    static const std::map<std::string, std::string> contents{
        {"args.rsp", "-c a.c -o a.o\n"},
        {"as.rsp", "--defsym FOO=1\n"},
        {"cmd.rsp", "-O2 -DX -c x.cpp -o x.o\n"},
        {"defs.rsp", "-DONLY=1\n"},
        {"empty.rsp", ""},
        {"nested.rsp", "-Wall @args.rsp\n"},
        {"objs.rsp", "lib/libz.a\n"},
        {"quoted.rsp", "-c \"sp ace.c\" -DX=\\\"q\\\" -o sp.o\n"},
    };
    const auto file = contents.find(path);
    return file == contents.end() ? std::optional<std::string>() : file->second;
}

std::vector<std::string> shell_words(const std::string& line) {
    // Inside single quotes the shell knows no backslash, which is all that response files differ.
    std::string text;
    char quote = 0;
    for (const char c : line) {
        if (quote == '\'' && c == '\\') {
            text += '\\';
        }
        if (c == '\'' || c == '"') {
            quote = quote == 0 ? c : quote == c ? '\0' : quote;
        }
        text += c;
    }
    return split_response_text(text);
}

Analysis analyse_line(const std::string& line) {
    auto words = shell_words(line);
    const auto name = compiler_name(words.at(0));
    if (!name) {
        Analysis custom;
        custom.language = Language::custom;
        custom.reason = "custom command, running locally.";
        return custom;
    }
    words.erase(words.begin());
    const auto expanded = expand_response_files(words, read_corpus_file);
    if (!expanded) {
        throw std::runtime_error(expanded.error().text);
    }
    const FakeFiles files = corpus_files();
    return analyse({*expanded, *name, test_directory, files});
}

} // namespace ice::args
