#include "tools/generate_video/video_summary.hpp"

#include <nlohmann/json.hpp>

#include "editprep/transport/redaction.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/workflow/edit_summary.hpp"

namespace editprep::tools::generate_video {
namespace {

using Json = nlohmann::ordered_json;
using End = VideoOutcome::End;

template <class Value>
Json or_null(const std::optional<Value>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json image_json(const VideoSummary& summary) {
    if (!summary.image) {
        return {{"provided", false}, {"field", nullptr}, {"transport", nullptr}, {"path", nullptr}};
    }
    const std::string path = summary.image_path.value_or("");
    return {{"provided", true},
            {"field", summary.image->field},
            {"transport", summary.image->transport},
            {"path", is_url(path) ? transport::shorten_payloads(path) : display_path(path)}};
}

/// An answer as JSON: itself, or an object around its text.
std::string answer_json(const std::string& body) {
    return is_json_answer(body) ? transport::shorten_payloads(body)
                                : one_line_json({{"raw", transport::shorten_payloads(body)}});
}

std::string hint_lines(const VideoSummary& summary) {
    std::string lines;
    for (const std::string& hint : summary.hints) {
        lines += "HINT: " + hint + '\n';
    }
    return lines;
}

const char* outcome_of(const VideoSummary& summary) {
    switch (summary.end) {
        case End::refused:
            return "refused";
        case End::failed:
            return "failed";
        case End::unfinished:
            return "unfinished";
        default:
            return summary.incomplete ? "not saved" : "saved";
    }
}

}  // namespace

std::string summary_json(const VideoSummary& summary) {
    JsonObjectText json;
    json.add("status", summary.status);
    json.add("ok", summary.ok());
    json.add("model", summary.model);
    json.add("provider", summary.provider);
    json.add("endpoint", summary.endpoint);
    json.add("mode", summary.mode);
    json.add("image", image_json(summary));
    json.add("prompt", summary.prompt);
    json.add_text("request", summary.request.empty() ? "null" : summary.request);
    json.add_text("response", answer_json(summary.response));
    json.add_text("resolved", summary.end == End::refused ? "null" : answer_json(summary.resolved));
    json.add("downloaded", or_null(summary.downloaded));
    json.add("hints", summary.hints);
    if (summary.downloads.size() > 1) {
        json.add("downloads", summary.downloads);
    }
    if (!summary.done()) {
        json.add("outcome", outcome_of(summary));
        json.add("job", summary.job);
    }
    return json.text();
}

std::string summary_lines(const VideoSummary& summary) {
    const std::string status = "STATUS: " + std::to_string(summary.status) + '\n';
    const std::string whole = one_line_json_text(summary_json(summary)) + '\n';
    switch (summary.end) {
        case End::refused:
            return status + transport::shorten_payloads(summary.response) + '\n' +
                   hint_lines(summary);
        case End::finished:
            return status + whole +
                   (summary.downloaded ? "DOWNLOADED: " + *summary.downloaded + '\n' : "") +
                   (summary.done() ? "" : hint_lines(summary));
        default:
            return whole + hint_lines(summary);
    }
}

}  // namespace editprep::tools::generate_video
