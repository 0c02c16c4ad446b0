// LineChannel: where a Log's lines end, as a POCO channel. It never waits: lines that a pipe does
// not take are lost.
//
// Not Poco::FileChannel: its buffered stream splits long lines over several writes, which then mix
// with those of other processes, and it cannot write to a descriptor it was given.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

#include <Poco/Channel.h>
#include <string>
#include <string_view>

namespace ice::log {

class LineChannel : public Poco::Channel {
public:
    /// Writes to `descriptor`, which stays its owner's, until a file is opened.
    explicit LineChannel(int descriptor);

    /// Appends to that file from now on, created if need be.
    Result<void> open_file(const std::string& path);
    /// Opens the file by name again; without a file, does nothing. On failure the old one stays.
    Result<void> reopen();

    void log(const Poco::Message& message) override;
    void write(std::string_view bytes) const;

    [[nodiscard]] int descriptor() const { return file_ ? file_.get() : descriptor_; }

private:
    int descriptor_;
    bool may_block_;   ///< a pipe, socket or terminal of somebody else's making
    std::string path_; ///< absolute: a daemon changes its directory
    UniqueFd file_;
};

} // namespace ice::log
