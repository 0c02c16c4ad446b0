#include "proc/execute.h"

#include "base/assert.h"
#include "base/check.h"
#include "base/str.h"

#include <unistd.h>

namespace ice::proc {

Error execute(const std::string& program, const std::vector<std::string>& argv) {
    ASSERT(!program.empty() && !argv.empty());
    std::vector<char*> words;
    words.reserve(argv.size() + 1);
    for (const std::string& word : argv)
        words.push_back(const_cast<char*>(word.c_str())); // execv's signature, not its behaviour
    words.push_back(nullptr);
    ::execv(program.c_str(), words.data());
    return system_error(str("execute ", program));
}

} // namespace ice::proc
