// A file system of executables and links, held in a map.
#pragma once

#include "icecc/file_system.h"

#include <map>

namespace ice::icecc {

class FakeFileSystem final : public FileSystem {
public:
    FakeFileSystem() { files_["/usr/bin/icecc"] = own_inode; }

    void add(const std::string& path) { files_[path] = next_inode_++; }
    void add_link(const std::string& path, const std::string& target) { links_[path] = target; }

    [[nodiscard]] std::optional<FileIdentity> executable(const std::string& path) const override {
        if (const auto link = links_.find(path); link != links_.end())
            return executable(link->second);
        const auto file = files_.find(path);
        if (file == files_.end())
            return std::nullopt;
        return FileIdentity{1, file->second};
    }
    [[nodiscard]] std::vector<std::string> link_hops(const std::string& path) const override {
        std::vector<std::string> hops;
        for (auto link = links_.find(path); link != links_.end(); link = links_.find(link->second))
            hops.push_back(link->second);
        return hops;
    }
    [[nodiscard]] std::optional<FileIdentity> self() const override {
        return FileIdentity{1, own_inode};
    }

private:
    static constexpr std::uint64_t own_inode = 7;
    std::uint64_t next_inode_ = 100;
    std::map<std::string, std::uint64_t> files_;
    std::map<std::string, std::string> links_;
};

} // namespace ice::icecc
