#include "tools/reference_media/summary.hpp"

#include <nlohmann/json.hpp>

#include "editprep/transport/redaction.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/words.hpp"
#include "tools/workflow/edit_summary.hpp"

namespace editprep::tools::reference_media {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kTransportHint =
    "image mode sends reference images as data URLs in the JSON of the request, or in the fields "
    "that a fal model has for them; video mode sends the first as a file (input_reference), and "
    "all to fal models that take several";
constexpr const char* kFailureHint =
    "if provider-json fails, check that the provider and the model accept reference images, the "
    "name of the member (--reference-key), and the size and the format of the files";

/// What a command wrote, as JSON text: itself, a string that holds it, or null for nothing.
std::string output_json(const std::string& output) {
    const std::string text = trimmed(output);
    if (text.empty()) {
        return "null";
    }
    return is_json(text) ? text : json_string(text);
}

const char* label_of(Attempt::Kind kind) noexcept {
    return kind == Attempt::Kind::primary ? "primary" : "fallback-without-provider-json";
}

/// `script` is the file of the older suite that did the same.
std::string attempt_json(const Attempt& attempt, Mode mode) {
    const std::string err = trimmed(attempt.err);
    JsonObjectText json;
    json.add("label", label_of(attempt.kind));
    json.add("script", std::string("generate_") + name_of(mode) + ".py");
    json.add("command", attempt.command);
    json.add("returncode", attempt.exit_code);
    json.add("ok", attempt.ok());
    json.add_text("stdout", transport::shorten_payloads(output_json(attempt.out)));
    json.add("stderr", err.empty() ? Json() : Json(transport::shorten_payloads(err)));
    return json.text();
}

}  // namespace

std::string summary_json(const Options& options, const std::vector<Attempt>& attempts) {
    const Attempt& last = attempts.back();
    std::string all;
    for (const Attempt& attempt : attempts) {
        all += (all.empty() ? "" : ", ") + attempt_json(attempt, options.mode);
    }
    JsonObjectText json;
    json.add("mode", name_of(options.mode));
    json.add("referenceCount", options.reference_images.size());
    json.add("transport", name_of(options.transport));
    json.add("prompt", options.image.prompt);
    json.add("fallbackUsed", last.kind == Attempt::Kind::fallback);
    json.add_text("result", last.ok() ? output_json(last.out) : "null");
    json.add_text("attempts", '[' + all + ']');
    json.add("hints", {kTransportHint, kFailureHint});
    return indented_json_text(json.text()) + '\n';
}

}  // namespace editprep::tools::reference_media
