#pragma once

#include <httplib.h>

#include <optional>
#include <string>

namespace editprep::tools::provider_emulator {

/// Who may call. Without a key of its own the emulator takes every key, but it wants one.
class Access {
public:
    explicit Access(std::optional<std::string> key) : key_(std::move(key)) {}

    /// False after filling in a 401 as that service words it.
    [[nodiscard]] bool allow_fal(const httplib::Request& request,
                                 httplib::Response& response) const;
    [[nodiscard]] bool allow_openai(const httplib::Request& request,
                                    httplib::Response& response) const;

private:
    [[nodiscard]] bool accepts(const std::string& given) const { return !key_ || given == *key_; }

    std::optional<std::string> key_;
};

}  // namespace editprep::tools::provider_emulator
