#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

/// What an edit came to, and how it is printed.
namespace editprep::tools {

struct EditSummary {
    /// HTTP status, or what it would be for a provider that needs no network.
    int status = 200;
    std::string model;
    std::string provider;
    /// Full URL; nothing for a provider that needs no network.
    std::optional<std::string> endpoint;
    std::optional<std::string> mask;
    /// The provider's answer.
    nlohmann::ordered_json response;
    /// The final picture.
    std::optional<std::string> downloaded;
    std::vector<std::string> hints;
    /// The provider's own picture, where the final one is a composite made here.
    std::optional<std::string> provider_output;
    bool prompt_used = false;
    std::optional<std::string> preview;

    [[nodiscard]] bool ok() const noexcept { return status < 400; }
};

/// All keys, in the order that callers know; new ones at the end.
[[nodiscard]] nlohmann::ordered_json to_json(const EditSummary& summary);

/// STATUS, the response on one line, DOWNLOADED when a file was saved; each line with its end.
[[nodiscard]] std::string to_lines(const EditSummary& summary);

}  // namespace editprep::tools
