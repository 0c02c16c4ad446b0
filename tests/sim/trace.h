// Trace: what happens in a run, one line each, for the eyes of whoever replays a seed.
#pragma once

#include "base/str.h"
#include "sim/agenda.h"

#include <cstdio>
#include <string_view>

namespace ice::sim {

class Trace {
public:
    Trace(const Agenda& agenda, bool wanted) : agenda_(agenda), wanted_(wanted) {}

    /// For what is dear to say.
    [[nodiscard]] bool wanted() const { return wanted_; }

    template <class... Parts>
    void line(std::string_view who, const Parts&... parts) const {
        if (wanted_)
            print(who, str(parts...));
    }

private:
    void print(std::string_view who, const std::string& text) const {
        const auto micros =
            std::chrono::duration_cast<std::chrono::microseconds>(agenda_.elapsed()).count();
        std::printf("%5lld.%06lld  %-10.*s %s\n", static_cast<long long>(micros / 1'000'000),
                    static_cast<long long>(micros % 1'000'000), static_cast<int>(who.size()),
                    who.data(), text.c_str());
    }

    const Agenda& agenda_;
    bool wanted_;
};

} // namespace ice::sim
