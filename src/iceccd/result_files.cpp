#include "iceccd/result_files.h"

#include "args/commands.h"
#include "base/check.h"
#include "iceccd/worker_limits.h"
#include "wire/chunk.h"
#include "wire/limits.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::iceccd {

namespace {

Result<ResultFiles::File> open_result(const sandbox::Workspace& workspace, const std::string& path,
                                      std::string name) {
    auto content = workspace.open_output(path);
    if (!content)
        return content.error();
    struct stat status {};
    if (::fstat(content->get(), &status) < 0)
        return system_error(str("examine ", path));
    return ResultFiles::File{std::move(name), *std::move(content),
                             static_cast<std::uint64_t>(status.st_size)};
}

/// `path` as the client would write it: relative to its working directory if it lies below.
std::string client_name(const std::string& path, const std::string& working_directory) {
    const std::string prefix = working_directory == "/" ? "/" : str(working_directory, '/');
    return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
}

/// What else the compiler wrote: profiles, stack usage, dumps.
Result<void> add_others(const sandbox::Workspace& workspace, const CompileCommand& command,
                        const std::vector<std::string>& ours, ResultFiles& results) {
    const auto paths = workspace.outputs(output_files + ours.size());
    if (!paths)
        return paths.error();
    for (const std::string& path : *paths) {
        if (path == command.output || path == command.dwo || std::ranges::binary_search(ours, path))
            continue;
        auto file = open_result(workspace, path, client_name(path, command.working_directory));
        if (!file)
            return file.error();
        results.files.push_back(*std::move(file));
    }
    return {};
}

Result<void> send_content(net::Channel& client, int content, wire::ChunkCompressor& compressor) {
    // Not initialised, because most of it is never touched: objects are small.
    const auto piece = std::make_unique_for_overwrite<char[]>(wire::stream_piece_size);
    for (;;) {
        const ssize_t got = ::read(content, piece.get(), wire::stream_piece_size);
        if (got < 0 && errno != EINTR)
            return system_error("read an output file");
        if (got == 0)
            return client.send(wire::End(), net::deadline_in(send_time));
        if (got < 0)
            continue;
        const std::string_view bytes(piece.get(), static_cast<std::size_t>(got));
        const auto chunk = compressor.compress(bytes, client.version());
        if (auto sent = client.send(chunk, net::deadline_in(send_time)); !sent)
            return sent;
    }
}

} // namespace

std::uint64_t ResultFiles::size() const {
    std::uint64_t sum = 0;
    for (const File& file : files)
        sum += file.size;
    return sum;
}

Result<ResultFiles> collect_results(const sandbox::Workspace& workspace,
                                    const CompileCommand& command, wire::Version version,
                                    const std::vector<std::string>& ours) {
    ResultFiles results;
    auto object = open_result(workspace, command.output, command.output_name);
    if (!object)
        return object.error();
    results.files.push_back(*std::move(object));
    // Named after the -o the client gave, as the client will name it.
    auto dwo = open_result(workspace, command.dwo, args::dwo_path(command.output_name));
    results.has_dwo = dwo.has_value();
    if (results.has_dwo)
        results.files.push_back(*std::move(dwo));
    else if (dwo.error().code != Errc::not_found)
        return dwo.error();
    if (version.revision == 0)
        return results;
    if (const auto added = add_others(workspace, command, ours, results); !added)
        return added.error();
    return results;
}

Result<void> send_results(net::Channel& client, const ResultFiles& results, int zstd_level) {
    wire::ChunkCompressor compressor(zstd_level);
    for (const ResultFiles::File& file : results.files) {
        if (client.version().revision >= 1) {
            if (auto sent = client.send(wire::ResultFile{file.name}, net::deadline_in(send_time));
                !sent)
                return sent;
        }
        if (auto sent = send_content(client, file.content.get(), compressor); !sent)
            return sent;
    }
    return {};
}

} // namespace ice::iceccd
