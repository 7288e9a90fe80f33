#include "tools/clips/clip_json.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;

template <class Value>
Json or_null(const std::optional<Value>& value) {
    return value ? Json(*value) : Json();
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json seconds(const std::optional<std::chrono::microseconds>& duration) {
    return duration ? Json(std::chrono::duration<double>(*duration).count()) : Json();
}

Json size_json(const video::FrameSize& size) {
    return {{"width", size.width}, {"height", size.height}};
}

/// As the number people compare, and exactly.
Json rate_json(const std::optional<video::FrameRate>& rate) {
    if (!rate) {
        return {};
    }
    return {{"fps", rate->per_second()},
            {"exact", std::to_string(rate->numerator) + '/' + std::to_string(rate->denominator)}};
}

Json range_json(const std::optional<video::DynamicRange>& range) {
    if (!range) {
        return {};
    }
    switch (*range) {
        case video::DynamicRange::pq:
            return "pq";
        case video::DynamicRange::hlg:
            return "hlg";
        case video::DynamicRange::sdr:
            break;
    }
    return "sdr";
}

}  // namespace

Json info_json(const video::MediaInfo& info) {
    return {{"container", info.container},
            {"seconds", seconds(info.duration)},
            {"container_seconds", seconds(info.durations.container)},
            {"video_seconds", seconds(info.durations.video)},
            {"audio_seconds", seconds(info.durations.audio)},
            {"size", size_json(info.display_size)},
            {"coded_size", size_json(info.coded_size)},
            {"mirrored", info.mirrored},
            {"rotation_degrees", info.rotation_degrees},
            {"pixel_aspect", std::to_string(info.pixel_aspect.numerator) + ':' +
                                 std::to_string(info.pixel_aspect.denominator)},
            {"frame_rate", rate_json(info.frame_rate)},
            {"nominal_frame_rate", rate_json(info.nominal_frame_rate)},
            {"variable_frame_rate", or_null(info.variable_frame_rate)},
            {"codec", info.codec},
            {"codec_profile", or_null(info.codec_profile)},
            {"bit_depth", or_null(info.bit_depth)},
            {"dynamic_range", range_json(info.dynamic_range)},
            {"has_audio", info.has_audio},
            {"audio_codec", or_null(info.audio_codec)},
            {"video_streams", info.video_stream_count},
            {"audio_streams", info.audio_stream_count},
            {"file_bytes", info.file_size_bytes},
            {"index_at_front", or_null(info.index_at_front)}};
}

Json findings_json(std::span<const video::Finding> findings) {
    Json list = Json::array();
    for (const video::Finding& finding : findings) {
        list.push_back({{"severity", video::name_of(finding.severity)},
                        {"check", video::name_of(finding.check)},
                        {"measured", finding.measured},
                        {"limit", finding.limit},
                        {"remedy", finding.remedy}});
    }
    return list;
}

Json limits_json(const ChosenLimits& limits) {
    const video::ClipLimits& clip = limits.clip;
    return {{"containers", clip.containers.empty() ? Json() : Json(clip.containers)},
            {"codecs", clip.codecs.empty() ? Json() : Json(clip.codecs)},
            {"min_seconds", or_null(clip.min_seconds)},
            {"max_seconds", or_null(clip.max_seconds)},
            {"min_side_px", or_null(clip.min_side_px)},
            {"max_side_px", or_null(clip.max_side_px)},
            {"min_pixels", or_null(clip.min_pixels)},
            {"max_pixels", or_null(clip.max_pixels)},
            {"min_aspect", or_null(clip.min_aspect)},
            {"max_aspect", or_null(clip.max_aspect)},
            {"min_fps", or_null(clip.min_fps)},
            {"max_fps", or_null(clip.max_fps)},
            {"max_bytes", or_null(clip.max_bytes)},
            {"together",
             {{"min_seconds", or_null(limits.together.min_seconds)},
              {"max_seconds", or_null(limits.together.max_seconds)},
              {"max_bytes", or_null(limits.together.max_bytes)}}},
            {"source", or_null(limits.source)},
            {"date", or_null(limits.date)}};
}

}  // namespace editprep::tools
