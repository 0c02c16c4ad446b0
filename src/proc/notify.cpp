#include "proc/notify.h"

#include "base/check.h"
#include "base/unique_fd.h"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>

namespace ice::proc {

Result<void> notify_service_manager() {
    constexpr std::string_view ready = "READY=1";
    const char* const variable = std::getenv("NOTIFY_SOCKET");
    if (variable == nullptr)
        return {};
    const std::string_view path = variable;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return Error{Errc::invalid, "NOTIFY_SOCKET is no socket's name"};
    std::memcpy(address.sun_path, path.data(), path.size());
    if (path.front() == '@') // an abstract name
        address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket || ::sendto(socket.get(), ready.data(), ready.size(), MSG_NOSIGNAL,
                            reinterpret_cast<const sockaddr*>(&address), size) < 0)
        return system_error("notify the service manager");
    return {};
}

} // namespace ice::proc
