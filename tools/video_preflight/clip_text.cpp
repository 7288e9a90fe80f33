#include "tools/video_preflight/clip_text.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string_view>

#include "tools/shared/story.hpp"

namespace editprep::tools::video_preflight {
namespace {

using video::Finding;
using video::MediaInfo;
using video::Severity;

constexpr const char* kUnknown = "not stated";

std::string size_text(const video::FrameSize& size) {
    return std::to_string(size.width) + 'x' + std::to_string(size.height);
}

std::string duration_text(const std::optional<std::chrono::microseconds>& duration) {
    return duration ? decimal(std::chrono::duration<double>(*duration).count()) + " s" : kUnknown;
}

std::string rate_text(const MediaInfo& info) {
    if (!info.frame_rate) {
        return kUnknown;
    }
    const bool variable = info.variable_frame_rate.value_or(false);
    return decimal(info.frame_rate->per_second()) + (variable ? " fps on average" : " fps");
}

std::string megabytes(std::int64_t size_bytes) {
    constexpr double kMegabyte = 1 << 20;
    return decimal(static_cast<double>(size_bytes) / kMegabyte) + " MB";
}

std::string facts_line(const MediaInfo& info) {
    return duration_text(info.duration) + ", " + size_text(info.display_size) + ", " +
           rate_text(info) + ", " + info.codec + " in " + info.container + ", " +
           megabytes(info.file_size_bytes);
}

std::string container_fact(const MediaInfo& info) {
    if (!info.index_at_front) {
        return info.container;
    }
    return info.container + (*info.index_at_front ? ", index in front" : ", index at the end");
}

std::string duration_fact(const MediaInfo& info) {
    std::string text = duration_text(info.duration);
    const auto add = [&](const char* name, const auto& part) {
        if (part && part != info.duration) {
            text += std::string(", ") + name + ' ' + duration_text(part);
        }
    };
    add("container", info.durations.container);
    add("picture", info.durations.video);
    add("sound", info.durations.audio);
    return text;
}

std::string size_fact(const MediaInfo& info) {
    std::string text = size_text(info.display_size);
    if (info.coded_size != info.display_size) {
        text += ", stored as " + size_text(info.coded_size);
    }
    if (info.mirrored) {
        text += ", mirrored";
    }
    if (info.rotation_degrees != 0) {
        text += ", turned by " + std::to_string(info.rotation_degrees) + " degrees";
    }
    if (info.pixel_aspect != video::PixelAspect{}) {
        text += ", pixels " + std::to_string(info.pixel_aspect.numerator) + ':' +
                std::to_string(info.pixel_aspect.denominator);
    }
    return text;
}

std::string codec_fact(const MediaInfo& info) {
    std::string text = info.codec;
    if (!info.codec_profile.empty()) {
        text += ", " + info.codec_profile;
    }
    if (info.bit_depth) {
        text += ", " + std::to_string(*info.bit_depth) + " bits";
    }
    if (info.dynamic_range && *info.dynamic_range != video::DynamicRange::sdr) {
        text += *info.dynamic_range == video::DynamicRange::pq ? ", HDR (PQ)" : ", HDR (HLG)";
    }
    if (info.video_stream_count > 1) {
        text += ", the first of " + std::to_string(info.video_stream_count) + " video streams";
    }
    return text;
}

std::string sound_fact(const MediaInfo& info) {
    if (!info.has_audio) {
        return "none";
    }
    const std::string codec = info.audio_codec.empty() ? "of unknown codec" : info.audio_codec;
    return info.audio_stream_count > 1
               ? codec + ", " + std::to_string(info.audio_stream_count) + " tracks"
               : codec;
}

std::string finding_line(const Finding& finding) {
    return std::string(finding.severity == Severity::error ? "ERROR: " : "WARN: ") +
           one_line(finding.text());
}

/// An error without the clip's name, for a line that begins with that.
std::string error_beside_name(std::string error, const std::string& name) {
    for (const char* joint : {": ", " in ", " "}) {
        const std::string named = joint + name;
        const std::size_t begin = error.find(named);
        const std::size_t end = begin + named.size();
        const bool whole = begin != std::string::npos &&
                           (end == error.size() || error[end] == ';' || error[end] == ':');
        if (whole) {
            return error.erase(begin, named.size());
        }
    }
    return error;
}

}  // namespace

const char* name_of(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::ok:
            return "OK";
        case Verdict::refused:
            return "REFUSED";
        case Verdict::unreadable:
            break;
    }
    return "UNREADABLE";
}

std::string decimal(double value) {
    char text[64];
    std::snprintf(text, sizeof text, "%.3f", value);
    std::string number = text;
    number.erase(number.find_last_not_of('0') + 1);
    if (number.ends_with('.')) {
        number.pop_back();
    }
    return number;
}

std::string clip_line(const ClipLook& look, Verdict verdict) {
    std::string line = std::string(name_of(verdict)) + ' ' + one_line(look.path) + ": ";
    if (!look.verdict) {
        return line + one_line(error_beside_name(look.error, look.path));
    }
    std::string separator;
    if (verdict == Verdict::ok) {
        line += facts_line(look.verdict->info);
        separator = " | ";
    }
    for (const Finding& finding : look.verdict->findings) {
        line += separator + finding_line(finding);
        separator = " | ";
    }
    return line;
}

std::string clip_page(const ClipLook& look, Verdict verdict) {
    if (!look.verdict) {
        return clip_line(look, verdict) + '\n';
    }
    const MediaInfo& info = look.verdict->info;
    std::string page = std::string(name_of(verdict)) + ' ' + one_line(look.path) + '\n';
    const auto add = [&page](std::string_view name, const std::string& fact) {
        constexpr std::size_t kColumn = 12;
        page += "  " + std::string(name) + std::string(kColumn - name.size(), ' ') +
                one_line(fact) + '\n';
    };
    add("container", container_fact(info));
    add("duration", duration_fact(info));
    add("size", size_fact(info));
    add("frame rate", rate_text(info));
    add("codec", codec_fact(info));
    add("sound", sound_fact(info));
    add("file", megabytes(info.file_size_bytes));
    for (const Finding& finding : look.verdict->findings) {
        page += finding_line(finding) + '\n';
    }
    return page;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string text;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += row[i];
            if (i + 1 < row.size()) {
                text += std::string(widths[i] - row[i].size() + 2, ' ');
            }
        }
        text += '\n';
    }
    return text;
}

}  // namespace editprep::tools::video_preflight
