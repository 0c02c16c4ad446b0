#include "icecc/source_watch.h"

#include "base/str.h"
#include "icecc/job.h"
#include "icecc/limits.h"
#include "icecc/read_file.h"

namespace ice::icecc {

SourceWatch::SourceWatch(const Job& job)
    : remote_(job.preprocessed_remotely()),
      clang_(job.is_clang()),
      warns_of_indentation_(!clang_ && !job.analysis.input_is_preprocessed &&
                            warns_of_indentation(job.analysis)),
      dropped_pragmas_([](const auto& path) { return read_file(path, max_searched_source); }),
      indentation_(tab_stop_of(job.analysis)) {}

void SourceWatch::look_at(std::span<const char> piece) {
    if (warns_of_indentation_)
        indentation_.look_at(piece);
    if (!remote_)
        return;
    own_macros_.look_at(piece);
    if (clang_)
        counter_.look_at(piece);
    else
        dropped_pragmas_.look_at(piece);
}

bool SourceWatch::is_misleading() const {
    return warns_of_indentation_ && indentation_.found(!remote_);
}

std::optional<std::string> SourceWatch::found() const {
    if (const auto& file = dropped_pragmas_.found())
        return str(*file, " has a pragma that gcc -E -fdirectives-only drops");
    if (const auto macro = own_macros_.found())
        return str(*macro, " stands for something of this machine");
    if (counter_.found())
        return "clang -E -frewrite-includes counted __COUNTER__ in a condition";
    return std::nullopt;
}

} // namespace ice::icecc
