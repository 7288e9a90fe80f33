#include "tools/provider_emulator/media_limits.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/video/error.hpp"
#include "editprep/video/preflight.hpp"
#include "editprep/video/probe.hpp"
#include "tools/clips/clip_check.hpp"
#include "tools/provider_emulator/model_error.hpp"

namespace editprep::tools::provider_emulator {
namespace {

using transport::ModelField;
using video::Check;
using video::ClipLimits;
using video::Finding;
using video::MediaInfo;

/// fal counts a file's megabytes so.
constexpr double kMegabyte = 1 << 20;

std::span<const std::byte> bytes_of(const std::string& content) {
    return std::as_bytes(std::span(content));
}

/// A limit that may be absent, for a mistake's context.
template <class Value>
Json json_of(const std::optional<Value>& value) {
    return value ? Json(*value) : Json(nullptr);
}

std::string message_of(const Finding& finding) {
    return "The " + std::string(video::name_of(finding.check)) + " is " + finding.measured +
           ", expected " + finding.limit;
}

double seconds_of(const MediaInfo& clip) {
    return clip.duration ? std::chrono::duration<double>(*clip.duration).count() : 0;
}

std::pair<std::string, Json> type_of(const Finding& finding, const MediaInfo& clip,
                                     const ClipLimits& limits, const ModelField& field) {
    switch (finding.check) {
        case Check::container:
        case Check::codec:
            return {"unsupported_video_format", {{"supported_formats", field.formats}}};
        case Check::duration:
            if (limits.min_seconds && seconds_of(clip) < *limits.min_seconds) {
                return {"video_duration_too_short",
                        {{"min_duration", json_of(limits.min_seconds)}}};
            }
            return {"video_duration_too_long", {{"max_duration", json_of(limits.max_seconds)}}};
        case Check::width:
        case Check::height: {
            const int side =
                finding.check == Check::width ? clip.display_size.width : clip.display_size.height;
            const auto least = json_of(limits.min_side_px);
            const auto most = json_of(limits.max_side_px);
            return limits.min_side_px && side < *limits.min_side_px
                       ? std::pair<std::string, Json>{"image_too_small",
                                                      {{"min_width", least}, {"min_height", least}}}
                       : std::pair<std::string, Json>{"image_too_large",
                                                      {{"max_width", most}, {"max_height", most}}};
        }
        case Check::file_size:
            return {"file_too_large", {{"max_size", json_of(limits.max_bytes)}}};
        case Check::pixels:
        case Check::aspect:
        case Check::frame_rate:
            return {"value_error", Json::object()};
    }
    return {"value_error", Json::object()};
}

Json mistakes_of(const std::vector<Finding>& findings, const MediaInfo& clip,
                 const ClipLimits& limits, const ModelField& field, const Json& location) {
    Json mistakes = Json::array();
    for (const Finding& finding : findings) {
        if (finding.severity == video::Severity::error) {
            const auto [type, context] = type_of(finding, clip, limits, field);
            mistakes.push_back(mistake(location, message_of(finding), type, context));
        }
    }
    return mistakes;
}

MediaInfo probe_clip(const std::string& content, const ModelField& field, const Json& location) {
    try {
        return video::probe(bytes_of(content), "the clip");
    } catch (const video::Error& error) {
        if (error.errc() == video::Errc::module_unavailable) {
            throw;
        }
        refuse(location, error.what(), "unsupported_video_format",
               {{"supported_formats", field.formats}});
    }
}

void check_size(const std::string& content, const ModelField& field, const Json& location) {
    if (field.max_mb && static_cast<double>(content.size()) > *field.max_mb * kMegabyte) {
        const auto most = static_cast<std::int64_t>(*field.max_mb * kMegabyte);
        refuse(location,
               "The file has " + std::to_string(content.size()) + " bytes, at most " +
                   std::to_string(most) + " are accepted",
               "file_too_large", {{"max_size", most}});
    }
}

imaging::ImageInfo probe_picture(const std::string& content, const Json& location) {
    try {
        return imaging::probe_image(bytes_of(content), "the picture");
    } catch (const imaging::Error& error) {
        refuse(location, std::string("Failed to load the image: ") + error.what(),
               "image_load_error");
    }
}

void check_format(const imaging::ImageInfo& info, const ModelField& field, const Json& location) {
    std::string extension = '.' + std::string(imaging::name_of(info.format));
    std::ranges::transform(extension, extension.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    if (!field.formats.empty() &&
        std::ranges::find(field.formats, extension) == field.formats.end()) {
        refuse(location, "The image is " + extension.substr(1), "unsupported_image_format",
               {{"supported_formats", field.formats}});
    }
}

void check_sides(imaging::Size size, const ModelField& field, const Json& location) {
    const std::string measured = "The image has " + imaging::to_string(size) + " pixels, each side";
    if (field.min_px && std::min(size.width, size.height) < *field.min_px) {
        refuse(location, measured + " must have at least " + std::to_string(*field.min_px),
               "image_too_small", {{"min_width", *field.min_px}, {"min_height", *field.min_px}});
    }
    if (field.max_px && std::max(size.width, size.height) > *field.max_px) {
        refuse(location, measured + " may have at most " + std::to_string(*field.max_px),
               "image_too_large", {{"max_width", *field.max_px}, {"max_height", *field.max_px}});
    }
    const double aspect = static_cast<double>(size.width) / size.height;
    if ((field.min_aspect && aspect < *field.min_aspect) ||
        (field.max_aspect && aspect > *field.max_aspect)) {
        refuse(location, "Value error, the image's aspect ratio is out of range", "value_error");
    }
}

}  // namespace

MediaInfo check_clip(const std::string& content, const transport::Model& model,
                     const ModelField& field, const Json& location) {
    // Before anything is read: a file that is too large is refused unread.
    check_size(content, field, location);
    const MediaInfo clip = probe_clip(content, field, location);
    const ClipLimits limits = limits_of(model, field);
    const Json mistakes =
        mistakes_of(video::preflight(clip, limits), clip, limits, field, location);
    if (!mistakes.empty()) {
        refuse_all(mistakes);
    }
    return clip;
}

void check_clips_together(std::span<const MediaInfo> clips, const ModelField& field,
                          const Json& location) {
    const video::JointClipLimits joint = joint_limits_of(field);
    const ClipLimits limits{.min_seconds = joint.min_seconds,
                            .max_seconds = joint.max_seconds,
                            .max_bytes = joint.max_bytes};
    MediaInfo all;
    all.duration.emplace(0);
    for (const MediaInfo& clip : clips) {
        *all.duration += clip.duration.value_or(std::chrono::microseconds(0));
    }
    const Json mistakes =
        mistakes_of(video::preflight_together(clips, joint), all, limits, field, location);
    if (!mistakes.empty()) {
        refuse_all(mistakes);
    }
}

imaging::Size check_picture(const std::string& content, const ModelField& field,
                            const Json& location) {
    check_size(content, field, location);
    const imaging::ImageInfo info = probe_picture(content, location);
    check_format(info, field, location);
    check_sides(info.size, field, location);
    return info.size;
}

void check_sound(const std::string& content, const ModelField& field, const Json& location) {
    check_size(content, field, location);
}

}  // namespace editprep::tools::provider_emulator
