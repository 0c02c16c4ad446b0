// The files a compile hands out: found in the workspace, named for the client, sent in pieces.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "iceccd/compile_command.h"
#include "net/channel.h"
#include "sandbox/workspace.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ice::iceccd {

struct ResultFiles {
    struct File {
        std::string name; ///< as wire::ResultFile has it
        UniqueFd content;
        std::uint64_t size = 0;
    };
    std::vector<File> files; ///< the object first, then the split debug information if there is any
    bool has_dwo = false;

    [[nodiscard]] std::uint64_t size() const;
};

/// After a compile that succeeded. Errc::not_found if there is no object. A client of a revision
/// below 1 can be given the object and the debug information, and nothing else. The files in
/// `ours`, sorted, were put there by us.
Result<ResultFiles> collect_results(const sandbox::Workspace& workspace,
                                    const CompileCommand& command, wire::Version version,
                                    const std::vector<std::string>& ours);

/// Sends them one after the other, each with its End; at revision 1 each with its name.
Result<void> send_results(net::Channel& client, const ResultFiles& results, int zstd_level);

} // namespace ice::iceccd
