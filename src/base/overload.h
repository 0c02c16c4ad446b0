// overload: handlers for std::visit; a forgotten alternative does not compile.
#pragma once

namespace ice {

template <class... Handlers>
struct overload : Handlers... {
    using Handlers::operator()...;
};
template <class... Handlers>
overload(Handlers...) -> overload<Handlers...>;

} // namespace ice
