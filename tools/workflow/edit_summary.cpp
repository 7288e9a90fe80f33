#include "tools/workflow/edit_summary.hpp"

#include <nlohmann/json.hpp>

#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;

template <class Value>
Json or_null(const std::optional<Value>& value) {
    return value ? Json(*value) : Json(nullptr);
}

/// As JSON: itself, or a string that holds it.
std::string as_json(const std::string& answer) {
    return is_json_answer(answer) ? answer : json_string(answer);
}

JsonObjectText first_keys(const EditSummary& summary) {
    JsonObjectText json;
    json.add("status", summary.status);
    json.add("ok", summary.ok());
    json.add("model", summary.model);
    json.add("provider", summary.provider);
    json.add("endpoint", or_null(summary.endpoint));
    return json;
}

void add_answer(JsonObjectText& json, const EditSummary& summary) {
    json.add_text("response", as_json(summary.response));
    json.add("downloaded", or_null(summary.downloaded));
    json.add("hints", summary.hints);
}

}  // namespace

std::string edit_json(const EditSummary& summary) {
    JsonObjectText json = first_keys(summary);
    json.add("mask", or_null(summary.mask));
    add_answer(json, summary);
    json.add("provider_output", or_null(summary.provider_output));
    json.add("prompt_used", summary.prompt_used);
    json.add("preview", or_null(summary.preview));
    if (summary.job) {
        json.add("downloads", summary.downloads);
        json.add("job", *summary.job);
        json.add("composited", summary.provider_output.has_value());
    }
    if (summary.focus) {
        const auto& [crop, sent_size] = *summary.focus;
        json.add("focus", {{"crop", {crop.left, crop.top, crop.right, crop.bottom}},
                           {"sent_size", {sent_size.width, sent_size.height}}});
    }
    return json.text();
}

std::string generation_json(const EditSummary& summary) {
    JsonObjectText json = first_keys(summary);
    json.add_text("request", summary.request);
    add_answer(json, summary);
    if (summary.downloads.size() > 1) {
        json.add("downloads", summary.downloads);
    }
    return json.text();
}

std::string to_lines(const EditSummary& summary) {
    const bool one_line = summary.ok() && is_json_answer(summary.response);
    std::string lines = "STATUS: " + std::to_string(summary.status) + '\n';
    lines += (one_line ? one_line_json_text(summary.response) : summary.response) + '\n';
    if (summary.downloaded) {
        lines += "DOWNLOADED: " + *summary.downloaded + '\n';
    }
    if (!summary.done()) {
        for (const std::string& hint : summary.hints) {
            lines += "HINT: " + hint + '\n';
        }
    }
    return lines;
}

bool is_json_answer(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first != std::string::npos && text[first] != 'n' && is_json(text);
}

std::vector<std::string> hints_for(int status, const std::string& endpoint,
                                   const std::string& purpose) {
    if (status == 401 || status == 403) {
        return {"check apiKey / auth for the selected provider"};
    }
    if (status == 404) {
        return {"check whether the provider exposes " + endpoint + " for " + purpose};
    }
    if (status == 400) {
        return {"check provider-specific payload fields, model name, and extra-json contents"};
    }
    if (status == 415) {
        return {"check content type expectations for this endpoint"};
    }
    if (status >= 500) {
        return {"provider-side error; retry later or switch provider/model"};
    }
    return {};
}

void print_edit(const EditSummary& summary, bool as_json, const std::string& further_lines,
                const Context& context) {
    if (as_json) {
        context.out(indented_json_text(edit_json(summary)) + '\n');
    } else {
        context.out(to_lines(summary) + (summary.done() ? further_lines : ""));
    }
    finish(summary);
}

void finish(const EditSummary& summary) {
    if (summary.on_printed) {
        summary.on_printed();
    }
    if (!summary.done()) {
        throw ExitRequest{};
    }
}

void JsonObjectText::add(const std::string& key, const Json& value) {
    add_text(key, one_line_json(value));
}

void JsonObjectText::add_text(const std::string& key, const std::string& json_text) {
    members_ += (members_.empty() ? "" : ", ") + json_string(key) + ": " + json_text;
}

}  // namespace editprep::tools
