#include "tools/video_preflight/model_table.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "tools/clips/clip_check.hpp"
#include "tools/clips/clip_json.hpp"
#include "tools/clips/limit_options.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/video_preflight/clip_text.hpp"

namespace editprep::tools::video_preflight {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kNoLimit = "-";

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : ",") + word;
    }
    return text.empty() ? kNoLimit : text;
}

/// `3-10`, `-10`, `3-`; a dash alone for no limit.
template <class Value>
std::string range(const std::optional<Value>& least, const std::optional<Value>& largest) {
    const auto text = [](const std::optional<Value>& value) {
        return value ? decimal(static_cast<double>(*value)) : std::string();
    };
    return text(least) + '-' + text(largest);
}

std::string megabytes(const std::optional<std::int64_t>& size_bytes) {
    constexpr double kMegabyte = 1 << 20;
    return size_bytes ? decimal(static_cast<double>(*size_bytes) / kMegabyte) : kNoLimit;
}

std::string together(const video::JointClipLimits& limits) {
    const bool seconds = limits.min_seconds || limits.max_seconds;
    std::string text = seconds ? range(limits.min_seconds, limits.max_seconds) + " s" : "";
    if (limits.max_bytes) {
        text += (text.empty() ? "" : ", ") + megabytes(limits.max_bytes) + " MB";
    }
    return text.empty() ? kNoLimit : text;
}

std::vector<std::string> row_of(const transport::Model& model) {
    const ChosenLimits limits = limits_of_model(model);
    const video::ClipLimits& clip = limits.clip;
    return {model.id,
            joined(clip.containers),
            range(clip.min_seconds, clip.max_seconds),
            range(clip.min_side_px, clip.max_side_px),
            range(clip.min_pixels, clip.max_pixels),
            range(clip.min_aspect, clip.max_aspect),
            range(clip.min_fps, clip.max_fps),
            megabytes(clip.max_bytes),
            together(limits.together),
            limits.date,
            limits.source};
}

}  // namespace

std::string model_table(const transport::ModelRegistry& models) {
    std::vector<std::vector<std::string>> rows{{"MODEL", "CONTAINERS", "SECONDS", "SIDES", "PIXELS",
                                                "ASPECT", "FPS", "MB", "TOGETHER", "DATE",
                                                "SOURCE"}};
    for (const transport::Model& model : models.models()) {
        if (clip_field(model) != nullptr) {
            rows.push_back(row_of(model));
        }
    }
    return table(rows);
}

std::string models_json(const transport::ModelRegistry& models) {
    Json list = Json::array();
    for (const transport::Model& model : models.models()) {
        if (clip_field(model) != nullptr) {
            list.push_back({{"id", model.id},
                            {"title", model.title},
                            {"field", clip_field(model)->name},
                            {"default", model.id == kDefaultClipModel},
                            {"limits", limits_json(limits_of_model(model))}});
        }
    }
    return indented_json({{"models", std::move(list)}});
}

}  // namespace editprep::tools::video_preflight
