#include "tools/provider_emulator/openai_request.hpp"

#include <algorithm>
#include <charconv>

#include "tools/provider_emulator/picture_source.hpp"

namespace editprep::tools::provider_emulator {

void answer_refusal(httplib::Response& response, const Refusal& refusal) {
    answer_openai_error(response, refusal.status, refusal.message, refusal.type, refusal.param,
                        refusal.code);
}

InputFile input_from(const FileStore& files, const Json& reference, const std::string& base_url,
                     const std::string& param) {
    const Json url = reference.is_object() ? reference.value("image_url", Json()) : Json();
    if (!url.is_string()) {
        throw Refusal{"Each member needs an image_url; the emulator keeps no file_id", param,
                      "missing_required_parameter"};
    }
    try {
        return {fetch_reference(files, url.get<std::string>(), base_url), ""};
    } catch (const PictureError& error) {
        throw Refusal{error.what(), param, "invalid_image_url"};
    }
}

std::string listed(std::span<const std::string_view> words) {
    std::string list;
    for (const std::string_view& word : words) {
        list += list.empty() ? "'" : &word == &words.back() ? ", and '" : ", '";
        list.append(word).append(1, '\'');
    }
    return list;
}

void check_media_type(const InputFile& file, const std::string& param,
                      std::span<const std::string_view> accepted) {
    if (file.media_type.empty() || std::ranges::find(accepted, file.media_type) != accepted.end()) {
        return;
    }
    throw Refusal{"Invalid file '" + param + "': unsupported mimetype ('" + file.media_type +
                      "'). Supported file formats are " + listed(accepted) + '.',
                  param, "unsupported_file_mimetype"};
}

int number_from(const std::string& name, const std::string& text, int least, int most) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw Refusal{"Invalid type for '" + name + "': expected an integer", name, "invalid_type"};
    }
    if (number < least || number > most) {
        throw Refusal{"Invalid value for '" + name + "': expected " + std::to_string(least) +
                          " to " + std::to_string(most),
                      name, "invalid_value"};
    }
    return number;
}

std::string content_of(const httplib::Request& request) {
    std::string content = request.body;
    for (const auto& [name, part] : request.files) {
        content.append(name).append(1, '=').append(part.content).append(1, '&');
    }
    return content;
}

}  // namespace editprep::tools::provider_emulator
