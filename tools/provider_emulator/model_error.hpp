#pragma once

#include <string>

#include "tools/provider_emulator/answers.hpp"

/// Refusals as fal's models word them.
namespace editprep::tools::provider_emulator {

/// Thrown while an input is read or its files are looked at; becomes a 422.
struct ModelError {
    /// What stands in the body's `detail`: a list of mistakes, or a text.
    Json detail;
    /// Of the first mistake.
    std::string message;
    std::string type;
};

/// One entry of a `detail` array. The input is not echoed: it may be a whole picture.
/// @param location `["body", "image_urls", 0]`
[[nodiscard]] Json mistake(const Json& location, const std::string& message,
                           const std::string& type, const Json& context = Json::object());

/// Throws a ModelError of all these mistakes, of which there is one at least.
[[noreturn]] void refuse_all(const Json& mistakes);
[[noreturn]] void refuse(const Json& location, const std::string& message, const std::string& type,
                         const Json& context = Json::object());
/// The same for a field of the input itself.
[[noreturn]] void refuse_field(const std::string& field, const std::string& message,
                               const std::string& type, const Json& context = Json::object());

}  // namespace editprep::tools::provider_emulator
