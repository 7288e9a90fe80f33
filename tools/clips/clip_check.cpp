#include "tools/clips/clip_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "editprep/transport/data_uri.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/video/error.hpp"
#include "editprep/video/probe.hpp"

namespace editprep::tools {
namespace {

using transport::FieldType;
using transport::FileKind;
using transport::ModelField;
using video::MediaInfo;

/// As in transport/models/README.md.
constexpr double kBytesPerMb = 1 << 20;

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kContainerOfEnding{
    {{".mp4", "mp4"},
     {".m4v", "mp4"},
     {".mov", "mov"},
     {".webm", "webm"},
     {".mkv", "matroska"},
     {".avi", "avi"},
     {".ts", "mpegts"},
     {".m2ts", "mpegts"}}};

/// What no probe ever finds stays as it is, so that nothing is accepted by mistake.
std::string container_of(const std::string& ending) {
    const auto known = std::ranges::find(kContainerOfEnding, ending,
                                         &decltype(kContainerOfEnding)::value_type::first);
    return known == kContainerOfEnding.end() ? ending : std::string(known->second);
}

std::optional<std::int64_t> to_bytes(const std::optional<double>& megabytes) {
    return megabytes
               ? std::optional(static_cast<std::int64_t>(std::floor(*megabytes * kBytesPerMb)))
               : std::nullopt;
}

bool is_clip(const ModelField& field) { return field.file == FileKind::video; }

void tell(transport::Validation& found, const std::string& place, const video::Finding& finding) {
    auto& list = finding.severity == video::Severity::error ? found.errors : found.warnings;
    list.push_back(place + finding.text());
}

std::string with_next_step(const video::Error& error) {
    return error.what() + (error.next_step().empty() ? "" : "; " + error.next_step());
}

/// The local clips of one field, and what is wrong with each.
class FieldCheck {
public:
    FieldCheck(const transport::Model& model, const ModelField& field, transport::Validation& found)
        : field_(&field), limits_(limits_of(model, field)), found_(&found) {}

    [[nodiscard]] const ModelField* field() const noexcept { return field_; }

    void look_at_file(const std::string& path) {
        look(path, [&] { return video::probe(std::filesystem::path(path)); });
    }

    void look_at_data_uri(const std::string& uri) {
        transport::DataUri clip;
        try {
            clip = transport::parse_data_uri(uri);
        } catch (const transport::Error&) {
            return;  // validate_input tells
        }
        const std::string name = "the clip in it";
        look(name, [&] { return video::probe(clip.content, name); });
    }

    /// @param count how many clips the field holds, also those that are no local files
    void look_at_all(std::size_t count) {
        video::JointClipLimits together = joint_limits_of(*field_);
        if (count > clips_.size()) {
            // The others may be what is missing.
            together.min_seconds.reset();
        }
        for (const video::Finding& finding : video::preflight_together(clips_, together)) {
            tell(*found_, field_->name + ": ", finding);
        }
    }

private:
    template <class Probe>
    void look(const std::string& name, const Probe& probe) {
        try {
            const MediaInfo clip = probe();
            for (const video::Finding& finding : video::preflight(clip, limits_)) {
                tell(*found_, field_->name + ": " + name + ": ", finding);
            }
            clips_.push_back(clip);
        } catch (const video::Error& error) {
            found_->errors.push_back(field_->name + ": " + with_next_step(error));
        }
    }

    const ModelField* field_;
    video::ClipLimits limits_;
    transport::Validation* found_;
    std::vector<MediaInfo> clips_{};
};

template <class Visit>
void for_each_text(const nlohmann::ordered_json& value, const Visit& visit) {
    if (value.is_string()) {
        visit(value.get_ref<const std::string&>());
    } else if (value.is_array()) {
        for (const auto& item : value) {
            for_each_text(item, visit);
        }
    }
}

}  // namespace

const ModelField* clip_field(const transport::Model& model) noexcept {
    const ModelField* preferred = model.field("video_url");
    if (preferred != nullptr && is_clip(*preferred)) {
        return preferred;
    }
    const auto found = std::ranges::find_if(model.fields, is_clip);
    return found == model.fields.end() ? nullptr : &*found;
}

video::ClipLimits limits_of(const transport::Model& model, const ModelField& field) {
    video::ClipLimits limits;
    limits.model = model.id;
    for (const std::string& ending : field.formats) {
        std::string container = container_of(ending);
        if (std::ranges::find(limits.containers, container) == limits.containers.end()) {
            limits.containers.push_back(std::move(container));
        }
    }
    limits.min_seconds = field.min_seconds;
    limits.max_seconds = field.max_seconds;
    limits.min_side_px = field.min_px;
    limits.max_side_px = field.max_px;
    limits.min_pixels = field.min_pixels;
    limits.max_pixels = field.max_pixels;
    limits.min_aspect = field.min_aspect;
    limits.max_aspect = field.max_aspect;
    limits.min_fps = field.min_fps;
    limits.max_fps = field.max_fps;
    limits.max_bytes = to_bytes(field.max_mb);
    return limits;
}

video::JointClipLimits joint_limits_of(const ModelField& field) {
    return {field.min_total_seconds, field.max_total_seconds, to_bytes(field.max_total_mb)};
}

ClipVerdict check_clip(const std::filesystem::path& path, const video::ClipLimits& limits) {
    ClipVerdict verdict{.path = path.string(), .info = video::probe(path)};
    verdict.findings = video::preflight(verdict.info, limits);
    return verdict;
}

transport::Validation findings_of_clip(const std::string& path, const video::ClipLimits& limits) {
    transport::Validation found;
    try {
        for (const video::Finding& finding : check_clip(path, limits).findings) {
            tell(found, path + ": ", finding);
        }
    } catch (const video::Error& error) {
        found.errors.push_back(with_next_step(error));
    }
    return found;
}

void check_clips(const FalInput& input, const transport::Model* model,
                 transport::Validation& found) {
    if (model == nullptr) {
        return;
    }
    std::vector<FieldCheck> checks;
    const auto check_of = [&](const ModelField& field) -> FieldCheck& {
        const auto known = std::ranges::find(checks, &field, &FieldCheck::field);
        return known == checks.end() ? checks.emplace_back(*model, field, found) : *known;
    };
    input.visit_local_files(model, [&](const ModelField& field, const std::string& path) {
        if (is_clip(field)) {
            check_of(field).look_at_file(path);
        }
    });
    for (const ModelField& field : model->fields) {
        const auto value = input.values().find(field.name);
        if (!is_clip(field) || value == input.values().end()) {
            continue;
        }
        std::size_t count = 0;
        for_each_text(*value, [&](const std::string& text) {
            ++count;
            if (transport::is_data_uri(text)) {
                check_of(field).look_at_data_uri(text);
            }
        });
        check_of(field).look_at_all(count);
    }
}

}  // namespace editprep::tools
