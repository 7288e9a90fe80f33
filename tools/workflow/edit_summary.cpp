#include "tools/workflow/edit_summary.hpp"

#include "tools/shared/json_text.hpp"

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }

}  // namespace

Json to_json(const EditSummary& summary) {
    Json json;
    json["status"] = summary.status;
    json["ok"] = summary.ok();
    json["model"] = summary.model;
    json["provider"] = summary.provider;
    json["endpoint"] = or_null(summary.endpoint);
    json["mask"] = or_null(summary.mask);
    json["response"] = summary.response;
    json["downloaded"] = or_null(summary.downloaded);
    json["hints"] = summary.hints;
    json["provider_output"] = or_null(summary.provider_output);
    json["prompt_used"] = summary.prompt_used;
    json["preview"] = or_null(summary.preview);
    return json;
}

std::string to_lines(const EditSummary& summary) {
    std::string lines = "STATUS: " + std::to_string(summary.status) + '\n';
    lines += one_line_json(summary.response) + '\n';
    if (summary.downloaded) {
        lines += "DOWNLOADED: " + *summary.downloaded + '\n';
    }
    return lines;
}

}  // namespace editprep::tools
