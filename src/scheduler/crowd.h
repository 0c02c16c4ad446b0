// Crowd: how many connections of each address are in one place, so that no address fills it.
#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace ice::scheduler {

class Crowd {
public:
    enum class Answer {
        come_in,
        full,       ///< that address has as many as it may
        still_full, ///< the same again: nobody needs to be told until all of them have left
    };

    explicit Crowd(std::size_t most_of_one_address) : most_(most_of_one_address) {}

    /// One more of that address, until leave().
    [[nodiscard]] Answer enter(const std::string& address);
    void leave(const std::string& address);

private:
    struct Group {
        std::size_t size = 0;
        bool refused = false; ///< one of them, already
    };

    std::size_t most_;
    std::map<std::string, Group> groups_; ///< by address; none is empty
};

} // namespace ice::scheduler
