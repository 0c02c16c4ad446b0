// Exit codes of the client that are not a compiler's; scripts and upstream's tests know them.
#pragma once

namespace ice::icecc {

enum ExitCode : int {
    exit_recursion = 111,       ///< icecc was asked to run icecc
    exit_no_command = 115,      ///< not found in PATH
    exit_test_socket = 119,     ///< ICECC_TEST_SOCKET is unusable
    exit_not_executable = 126,  ///< as a shell says it
    exit_command_missing = 127, ///< as a shell says it
    exit_difference = 255,      ///< helpers made different objects of one job
};

} // namespace ice::icecc
