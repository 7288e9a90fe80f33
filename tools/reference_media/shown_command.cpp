#include "tools/reference_media/shown_command.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "editprep/transport/redaction.hpp"
#include "tools/remote/shown_json.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools::reference_media {
namespace {

using Json = nlohmann::ordered_json;

Json shown_extra(const std::string& text) {
    try {
        return text.empty() ? Json::object() : shown_json(read_json(text));
    } catch (const std::invalid_argument&) {
        return "(no JSON)";
    }
}

void add(Words& words, const char* name, const std::string& value) {
    words.insert(words.end(), {name, value});
}

void add_group(Words& words, const RemoteGroup& remote, const generate_image::References& sent) {
    Json extra = shown_extra(remote.extra_json);
    if (!sent.files.empty() && extra.is_object()) {
        extra[sent.key] = Json(sent.files.size(), "data:...");
    }
    if (!extra.empty()) {
        add(words, "--extra-json", transport::shorten_payloads(one_line_json(extra)));
    }
    if (remote.extra_json_file) {
        add(words, "--extra-json-file", *remote.extra_json_file);
    }
    if (remote.max_cost_usd) {
        add(words, "--max-cost", Json(*remote.max_cost_usd).dump());
    }
    if (!remote.idempotency_key.empty()) {
        add(words, "--idempotency-key", remote.idempotency_key);
    }
    for (const auto& [name, is_given] : {std::pair{"--skip-validation", remote.skip_validation},
                                         {"--allow-private", remote.allow_private},
                                         {"--resend-unknown", remote.resend_unknown}}) {
        if (is_given) {
            words.emplace_back(name);
        }
    }
}

Words begun(const char* program, const Options& options) {
    Words words{program};
    words.insert(words.end(), options.inner_words.begin(), options.inner_words.end());
    return words;
}

}  // namespace

Words shown_command(const Options& options, const generate_image::Options& image) {
    Words words = begun("generate_image", options);
    add_group(words, image.remote, image.references);
    return words;
}

Words shown_command(const Options& options, const generate_video::Options& video) {
    Words words = begun("generate_video", options);
    if (video.input_reference) {
        add(words, "--input-reference", *video.input_reference);
    }
    for (const std::string& reference : video.reference_images) {
        add(words, "--reference-image", reference);
    }
    add_group(words, video.remote, {});
    return words;
}

}  // namespace editprep::tools::reference_media
