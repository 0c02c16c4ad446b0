// Test helper: what a process wrote into a pipe until everybody closed it.
#pragma once

#include <string>
#include <unistd.h>

inline std::string read_all(int fd) {
    std::string text;
    char buffer[4096];
    ssize_t got = 0;
    while ((got = ::read(fd, buffer, sizeof buffer)) > 0)
        text.append(buffer, static_cast<std::size_t>(got));
    return text;
}
