#include "icecc/source_watch.h"

#include "base/str.h"
#include "icecc/job.h"
#include "icecc/limits.h"
#include "icecc/read_file.h"

namespace ice::icecc {

SourceWatch::SourceWatch(const Job& job)
    : remote_(job.preprocessed_remotely()),
      clang_(job.is_clang()),
      gcc_preprocesses_(!clang_ && !job.analysis.input_is_preprocessed),
      warns_of_indentation_(gcc_preprocesses_ && warns_of_indentation(job.analysis)),
      dropped_pragmas_([](const auto& path) { return read_file(path, max_searched_source); }),
      own_macros_(!clang_),
      indentation_(tab_stop_of(job.analysis)) {}

void SourceWatch::look_at(std::span<const char> piece) {
    if (warns_of_indentation_)
        indentation_.look_at(piece);
    if (gcc_preprocesses_)
        options_.look_at(piece);
    if (!remote_)
        return;
    own_macros_.look_at(piece);
    if (clang_)
        counter_.look_at(piece);
    else
        dropped_pragmas_.look_at(piece);
}

std::optional<std::string_view> SourceWatch::needs_local_compile() const {
    if (options_.found())
        return "gcc -E does not obey a pragma for the compiler's options";
    if (warns_of_indentation_ && indentation_.found(!remote_))
        return "gcc warns of misleading indentation only in what it reads itself";
    return std::nullopt;
}

std::optional<std::string> SourceWatch::found() const {
    if (const auto& file = dropped_pragmas_.found())
        return str(*file, " has a pragma that gcc -E -fdirectives-only drops");
    if (const auto macro = own_macros_.found())
        return str(*macro, " can only be expanded here");
    if (counter_.found())
        return "clang -E -frewrite-includes counted __COUNTER__ in a condition";
    return std::nullopt;
}

} // namespace ice::icecc
