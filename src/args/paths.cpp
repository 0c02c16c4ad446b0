#include "args/paths.h"

#include "base/str.h"

#include <vector>

namespace ice::args {

std::string_view file_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1); // npos + 1 == 0
}

std::size_t extension_start(std::string_view path) {
    const std::size_t dot = file_name(path).rfind('.');
    return dot == std::string_view::npos ? path.size() : path.size() - file_name(path).size() + dot;
}

std::string with_extension(std::string_view path, std::string_view extension) {
    return str(path.substr(0, extension_start(path)), '.', extension);
}

std::string absolute_path(std::string_view directory, std::string_view path) {
    const std::string whole = path.starts_with('/') ? std::string(path) : str(directory, '/', path);
    std::vector<std::string_view> components;
    std::string_view rest = whole;
    while (!rest.empty()) {
        const std::string_view component = rest.substr(0, rest.find('/'));
        rest.remove_prefix(component.size() == rest.size() ? rest.size() : component.size() + 1);
        if (component == "..") {
            if (!components.empty()) {
                components.pop_back();
            }
        } else if (!component.empty() && component != ".") {
            components.push_back(component);
        }
    }
    std::string result;
    for (const std::string_view component : components) {
        result += str('/', component);
    }
    return result.empty() ? "/" : result;
}

} // namespace ice::args
