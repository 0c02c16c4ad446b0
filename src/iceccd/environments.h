// Environments: those of other machines that are installed here, and who may use which.
//
// A name is not trusted. An environment serves everybody if its content gives its name (the md5
// formula of icecc-create-env) or whoever asks for it by the SHA-256 of its archive; any other
// serves only the address it came from (design.md section 4). Pure: the disk is the shell's.
#pragma once

#include "base/result.h"
#include "iceccd/effects.h"
#include "iceccd/now.h"
#include "wire/fields.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace ice::iceccd {

/// What a client says of the environment it wants, and where it says it from.
struct EnvironmentUser {
    std::string address; ///< numeric; empty for the unix socket
    std::string digest;  ///< SHA-256 of the archive it means; empty: it cannot tell
};

class Environments {
public:
    struct Entry {
        enum class State {
            installing, ///< `installer` uploads it; until its worker reports
            installed,  ///< may be used
            removing,   ///< is being deleted; until the shell reports
        };
        State state = State::installing;
        SessionId installer = 0;
        std::string owner; ///< address it came from
        std::string digest;
        bool name_proven = false; ///< its content gives its name
        std::uint64_t bytes = 0;
        Time last_use;
        std::uint32_t last_use_unix = 0;
        bool damaged = false; ///< nobody gets it any more; it goes when nobody uses it
        Time next_look;       ///< not before is the disk asked whether it still is whole
    };

    /// What is to be done with an upload. Nothing yet while the name is just being removed.
    [[nodiscard]] std::optional<UploadMode>
    plan_upload(const wire::EnvironmentId& id, const EnvironmentUser& user, bool in_use) const;

    void on_install_started(const wire::EnvironmentId& id, SessionId installer,
                            const std::string& owner);
    void on_installed(const wire::EnvironmentId& id, const Entry& facts, Now now);
    void on_removing(const wire::EnvironmentId& id);
    /// Files in it are missing. False if that is nothing new, or it is not installed.
    bool on_damaged(const wire::EnvironmentId& id);
    /// The install failed, or the removal is done.
    void on_gone(const wire::EnvironmentId& id) { entries_.erase(id); }

    /// Whether it is installed and this user may have it, and if not, why.
    [[nodiscard]] Result<void> check_use(const wire::EnvironmentId& id,
                                         const EnvironmentUser& user) const;
    void on_used(const wire::EnvironmentId& id, Now now);

    [[nodiscard]] bool is_installing(const wire::EnvironmentId& id) const;
    [[nodiscard]] bool is_installed(const wire::EnvironmentId& id) const;
    [[nodiscard]] bool is_damaged(const wire::EnvironmentId& id) const;

    /// The size it should have, if it is time to look whether it has: that takes the disk a while,
    /// and a client can make compiles fail as often as it likes. Nothing for one that is being
    /// installed or removed: it is not there, and must not be forgotten for that.
    std::optional<std::uint64_t> look_at(const wire::EnvironmentId& id, Now now);

    /// What LOGIN announces.
    [[nodiscard]] wire::EnvironmentList installed() const;
    [[nodiscard]] std::uint64_t total_bytes() const;
    [[nodiscard]] const std::map<wire::EnvironmentId, Entry>& entries() const { return entries_; }

private:
    [[nodiscard]] const Entry* find(const wire::EnvironmentId& id) const;

    std::map<wire::EnvironmentId, Entry> entries_;
};

/// "x86_64/8b59cf5c": how people and logs call it.
[[nodiscard]] std::string text_of(const wire::EnvironmentId& id);

} // namespace ice::iceccd
