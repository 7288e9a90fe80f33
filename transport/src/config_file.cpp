#include "config_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "ascii.hpp"
#include "editprep/transport/error.hpp"
#include "json5.hpp"

namespace editprep::transport {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

[[noreturn]] void cannot_read(const std::string& path, const std::string& reason) {
    throw Error(Errc::read_failed, "cannot read " + path + ": " + reason, path);
}

[[noreturn]] void refuse(const ConfigPlace& place, const std::string& what,
                         const std::string& next_step) {
    throw Error(Errc::invalid_config, what + ": " + place.file + " -> " + place.member, place.file,
                next_step);
}

std::string variable(const std::string& name, const ConfigPlace& place,
                     const EnvironmentLookup& environment) {
    if (const auto value = environment(name)) {
        return std::string(without_outer_white_space(*value));
    }
    refuse(place, "environment variable " + name + " is not set",
           "Set " + name + ", or write the value itself into the file");
}

bool is_variable_name(std::string_view text) {
    return !text.empty() && !is_digit(text.front()) &&
           std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '_'; });
}

std::string with_variables_replaced(std::string_view text, const ConfigPlace& place,
                                    const EnvironmentLookup& environment) {
    std::string replaced;
    while (!text.empty()) {
        const std::size_t begin = std::min(text.find("${"), text.size());
        const std::size_t end = text.find('}', begin);
        const bool escaped = begin != 0 && text[begin - 1] == '$';
        if (end == std::string_view::npos) {
            replaced += text;
            break;
        }
        const std::string_view name = text.substr(begin + 2, end - begin - 2);
        if (is_variable_name(name) && !escaped) {
            replaced += text.substr(0, begin);
            replaced += variable(std::string(name), place, environment);
        } else {
            replaced += text.substr(0, escaped ? begin - 1 : begin);
            replaced += text.substr(begin, end + 1 - begin);
        }
        text.remove_prefix(end + 1);
    }
    return replaced;
}

std::string from_secret_reference(const Json& reference, const ConfigPlace& place,
                                  const EnvironmentLookup& environment) {
    const Json& source = member_at(reference, {"source"});
    const Json& id = member_at(reference, {"id"});
    if (source != "env" || !id.is_string()) {
        refuse(place,
               "only secret references of the form {source: \"env\", id: \"NAME\"} are known",
               "Put the key into an environment variable and name it there");
    }
    return variable(id.get<std::string>(), place, environment);
}

}  // namespace

std::string expand_home(const std::string& path, const EnvironmentLookup& environment) {
    if (path != "~" && !path.starts_with("~/")) {
        return path;
    }
    const auto home = environment("HOME");
    return home ? *home + path.substr(1) : path;
}

std::string read_text_file(const std::string& path, std::size_t max_bytes) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        cannot_read(path, "it is a folder");
    }
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        cannot_read(path, std::generic_category().message(errno));
    }
    std::string content;
    std::array<char, 16 << 10> piece{};
    while (content.size() <= max_bytes &&
           (file.read(piece.data(), piece.size()), file.gcount() > 0)) {
        content.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) {
        cannot_read(path, std::generic_category().message(errno));
    }
    if (content.size() > max_bytes) {
        cannot_read(path, "it has more than " + std::to_string(max_bytes) + " bytes");
    }
    return content;
}

nlohmann::ordered_json read_config(const std::string& path) {
    std::error_code ignored;
    if (!fs::exists(path, ignored) && !ignored) {
        throw Error(Errc::config_not_found, "config not found: " + path, path,
                    "Name the file with --config or OPENCLAW_CONFIG");
    }
    try {
        return parse_json5(read_text_file(path, Json5Limits{}.max_bytes));
    } catch (const Error& error) {
        if (error.errc() == Errc::read_failed) {
            throw Error(Errc::invalid_config, error.what(), path,
                        "Check the file, or name another with --config or OPENCLAW_CONFIG");
        }
        throw Error(Errc::invalid_config, "invalid JSON in config " + path + ": " + error.what(),
                    path, "Correct the file at that place");
    }
}

std::map<std::string, std::string> inline_variables(const nlohmann::ordered_json& config) {
    std::map<std::string, std::string> variables;
    for (const Json* group : {&member_at(config, {"env", "vars"}), &member_at(config, {"env"})}) {
        if (!group->is_object()) {
            continue;
        }
        for (const auto& [name, value] : group->items()) {
            if (value.is_string() && !value.get_ref<const std::string&>().empty()) {
                variables.emplace(name, value.get<std::string>());
            }
        }
    }
    return variables;
}

EnvironmentLookup with_inline_variables(EnvironmentLookup environment,
                                        std::map<std::string, std::string> variables) {
    return [environment = std::move(environment),
            variables = std::move(variables)](const std::string& name) {
        auto value = environment(name);
        if (const auto found = variables.find(name); !value && found != variables.end()) {
            value = found->second;
        }
        return value;
    };
}

std::string resolved_text(const nlohmann::ordered_json& value, const ConfigPlace& place,
                          const EnvironmentLookup& environment) {
    if (value.is_null()) {
        return {};
    }
    std::string text;
    if (value.is_string()) {
        text = with_variables_replaced(value.get_ref<const std::string&>(), place, environment);
    } else if (value.is_object()) {
        text = from_secret_reference(value, place, environment);
    } else {
        refuse(place, "expected text", "Write the value in quotes");
    }
    text = without_outer_white_space(text);
    if (std::ranges::any_of(text, is_control)) {
        refuse(place, "a control character", "Remove line ends and other control characters");
    }
    return text;
}

std::string_view without_outer_white_space(std::string_view text) noexcept {
    constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";
    const std::size_t begin = text.find_first_not_of(kWhiteSpace);
    return begin == std::string_view::npos
               ? std::string_view{}
               : text.substr(begin, text.find_last_not_of(kWhiteSpace) - begin + 1);
}

const nlohmann::ordered_json& member_at(const nlohmann::ordered_json& value,
                                        std::initializer_list<const char*> names) {
    static const Json null;
    const Json* member = &value;
    for (const char* const name : names) {
        const auto found = member->is_object() ? member->find(name) : member->end();
        if (!member->is_object() || found == member->end()) {
            return null;
        }
        member = &*found;
    }
    return *member;
}

}  // namespace editprep::transport
