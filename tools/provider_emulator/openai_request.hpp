#pragma once

#include <httplib.h>

#include <span>
#include <string>
#include <string_view>

#include "tools/provider_emulator/answers.hpp"
#include "tools/provider_emulator/file_store.hpp"

/// What OpenAI's endpoints have in common: requests in two forms, and refusals.
namespace editprep::tools::provider_emulator {

/// A refusal as OpenAI words it.
struct Refusal {
    std::string message;
    std::string param;
    std::string code;
    std::string type = "invalid_request_error";
    int status = 400;
};

void answer_refusal(httplib::Response& response, const Refusal& refusal);

struct InputFile {
    std::string content;
    /// As declared; empty where none was.
    std::string media_type;
};

/// The file behind `{"image_url": ...}`. Throws Refusal.
[[nodiscard]] InputFile input_from(const FileStore& files, const Json& reference,
                                   const std::string& base_url, const std::string& param);

/// `'a', 'b', and 'c'`
[[nodiscard]] std::string listed(std::span<const std::string_view> words);

/// Throws Refusal when the file was declared as something else; one without a type passes.
void check_media_type(const InputFile& file, const std::string& param,
                      std::span<const std::string_view> accepted);

/// Throws Refusal for text that is no whole number from `least` to `most`.
[[nodiscard]] int number_from(const std::string& name, const std::string& text, int least,
                              int most);

/// What was asked, to know it again: the body, or all parts of a form without their boundary.
[[nodiscard]] std::string content_of(const httplib::Request& request);

}  // namespace editprep::tools::provider_emulator
