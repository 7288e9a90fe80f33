#include "tools/video_preflight/report.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "tools/clips/clip_json.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools::video_preflight {
namespace {

using Json = nlohmann::ordered_json;
using video::Finding;

const char* json_name(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::ok:
            return "ok";
        case Verdict::refused:
            return "refused";
        case Verdict::unreadable:
            break;
    }
    return "unreadable";
}

Json clip_json(const ClipLook& look, Verdict verdict) {
    Json clip{
        {"path", look.path}, {"verdict", json_name(verdict)}, {"accepted", verdict == Verdict::ok},
        {"info", nullptr},   {"findings", Json::array()},     {"error", nullptr}};
    if (look.verdict) {
        clip["info"] = info_json(look.verdict->info);
        clip["findings"] = findings_json(look.verdict->findings);
    } else {
        clip["error"] = look.error;
    }
    return clip;
}

/// Set in from the left, as part of a document that is written piece by piece.
std::string indented(const Json& value, std::size_t depth) {
    const std::string blanks(depth, ' ');
    std::string text = indented_json(value);
    for (std::size_t i = text.find('\n'); i != std::string::npos; i = text.find('\n', i + 1)) {
        text.insert(i + 1, blanks);
    }
    return text;
}

Json model_json(const ChosenLimits& limits) {
    return limits.clip.model.empty() ? Json() : Json(limits.clip.model);
}

}  // namespace

Report::Report(Form form, bool strict, const ChosenLimits& limits, const Sink& sink)
    : form_(form), strict_(strict), limits_(limits), sink_(sink) {}

void Report::begin() {
    if (form_ == Form::json) {
        sink_("{\n  \"model\": " + indented_json(model_json(limits_)) +
              ",\n  \"limits\": " + indented(limits_json(limits_), 2) + ",\n  \"clips\": [");
    }
}

void Report::add(const ClipLook& look) {
    const Verdict verdict = judge(look);
    const bool first = accepted_ + refused_ + unreadable_ == 0;
    count(look, verdict);
    switch (form_) {
        case Form::page:
            sink_(clip_page(look, verdict));
            break;
        case Form::lines:
            sink_(clip_line(look, verdict) + '\n');
            break;
        case Form::json:
            sink_((first ? "\n    " : ",\n    ") + indented(clip_json(look, verdict), 4));
            break;
        case Form::json_lines:
            sink_(one_line_json(clip_json(look, verdict)) + '\n');
            break;
    }
}

void Report::add_together(std::vector<Finding> findings) {
    looked_together_ = true;
    together_ = std::move(findings);
}

void Report::end() {
    if (form_ == Form::json) {
        sink_(std::string(accepted_ + refused_ + unreadable_ == 0 ? "" : "\n  ") + "],\n" +
              summary_json() + "}\n");
    } else if (form_ == Form::lines) {
        sink_(summary_text());
    }
}

bool Report::refused_together() const { return looked_together_ && !accepts(together_); }

bool Report::accepts(const std::vector<Finding>& findings) const {
    return strict_ ? findings.empty() : video::is_accepted(findings);
}

Verdict Report::judge(const ClipLook& look) const {
    if (!look.verdict) {
        return Verdict::unreadable;
    }
    return accepts(look.verdict->findings) ? Verdict::ok : Verdict::refused;
}

void Report::count(const ClipLook& look, Verdict verdict) {
    switch (verdict) {
        case Verdict::ok:
            ++accepted_;
            return;
        case Verdict::unreadable:
            ++unreadable_;
            return;
        case Verdict::refused:
            break;
    }
    ++refused_;
    std::set<video::Check> checks;
    for (const Finding& finding : look.verdict->findings) {
        if (strict_ || finding.severity == video::Severity::error) {
            checks.insert(finding.check);
        }
    }
    for (const video::Check check : checks) {
        ++refusals_[check];
    }
}

std::string Report::summary_text() const {
    std::string text;
    if (looked_together_) {
        text =
            std::string(name_of(refused_together() ? Verdict::refused : Verdict::ok)) + " together";
        const char* separator = ": ";
        for (const Finding& finding : together_) {
            text += separator + one_line(finding.text());
            separator = " | ";
        }
        text += '\n';
    }
    std::vector<std::vector<std::string>> rows{
        {"", "clips"},
        {"accepted", std::to_string(accepted_)},
        {"refused", std::to_string(refused_)},
    };
    for (const auto& [check, count] : refusals_) {
        rows.push_back({std::string("  ") + video::name_of(check), std::to_string(count)});
    }
    rows.push_back({"unreadable", std::to_string(unreadable_)});
    return text + '\n' + table(rows);
}

std::string Report::summary_json() const {
    std::string text;
    if (looked_together_) {
        const Json together{{"accepted", !refused_together()},
                            {"findings", findings_json(together_)}};
        text = "  \"together\": " + indented(together, 2) + ",\n";
    }
    Json refusals = Json::object();
    for (const auto& [check, count] : refusals_) {
        refusals[video::name_of(check)] = count;
    }
    const Json summary{{"clips", accepted_ + refused_ + unreadable_},
                       {"accepted", accepted_},
                       {"refused", refused_},
                       {"unreadable", unreadable_},
                       {"refused_for", refusals}};
    return text + "  \"summary\": " + indented(summary, 2) + '\n';
}

}  // namespace editprep::tools::video_preflight
