#include "editprep/video/preflight.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "fitting_size.hpp"
#include "measure_text.hpp"

namespace editprep::video {
namespace {

using std::chrono::microseconds;

constexpr const char* kNotStated = "not stated";
// Two programs that measure one clip differ by a frame of picture or of sound.
constexpr microseconds kDurationMargin{50'000};
// An average over the clip moves in its third digit with the length of the last frame. Far less
// than from 60000/1001 to 60.
constexpr double kRateMargin = 0.0005;
// Far below what any two frame rates differ by, far above the rounding of a double.
constexpr double kRounding = 1e-9;
constexpr std::int64_t kMegabyte = 1024 * 1024;
constexpr std::int64_t kMillion = 1'000'000;

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool last = i + 1 == words.size();
        text += i == 0 ? "" : last ? " or " : ", ";
        text += words[i];
    }
    return text;
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
}

std::string at_least(const std::string& bound) { return "at least " + bound; }
std::string at_most(const std::string& bound) { return "at most " + bound; }

/// `at least 3 s and at most 10 s`, or the one of them that there is.
std::string range_text(const std::optional<std::string>& least,
                       const std::optional<std::string>& largest) {
    if (least && largest) {
        return at_least(*least) + " and " + at_most(*largest);
    }
    return least ? at_least(*least) : at_most(largest.value_or(""));
}

/// To the microsecond, as clips are measured: 10.05 is no double.
microseconds to_microseconds(double seconds) {
    constexpr double kLargest = 9e12;
    return microseconds(std::llround(std::clamp(seconds, -kLargest, kLargest) * 1e6));
}

std::optional<std::string> seconds_text(const std::optional<double>& seconds) {
    return seconds ? std::optional(video::seconds_text(to_microseconds(*seconds))) : std::nullopt;
}

/// 29.97 is written and 30000/1001 is meant; the same for the other rates of that family.
double meant_rate(double written) {
    const double family_member = std::round(written * 1.001) / 1.001;
    const bool whole = written == std::round(written);
    return !whole && std::abs(written - family_member) < 0.005 ? family_member : written;
}

/// A rate beside a bound: with as many digits as tell them apart.
std::string measured_rate(double rate, double bound) {
    const bool apart = std::abs(rate - bound) >= 0.001;
    return number_text(rate, apart ? 3 : 6) + " fps";
}

/// A rate that players and editors know, within the bounds: the nearest from below to the largest,
/// or from above to the least.
double usual_rate_at_most(double largest, double least) {
    for (const double rate : {120.0, 60.0, 50.0, 30.0, 25.0, 24.0}) {
        if (rate <= largest && rate >= least) {
            return rate;
        }
    }
    return largest;
}

double usual_rate_at_least(double least, double largest) {
    for (const double rate : {24.0, 25.0, 30.0, 50.0, 60.0, 120.0}) {
        if (rate >= least && rate <= largest) {
            return rate;
        }
    }
    return least;
}

/// Whole seconds where the bounds allow: easier to type, and clear of the bound.
microseconds comfortable_length(const std::optional<double>& least, double largest) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(to_microseconds(largest));
    const bool enough = whole.count() > 0 && (!least || whole >= to_microseconds(*least));
    return enough ? microseconds(whole) : to_microseconds(largest);
}

/// Collects what is wrong with one clip.
class Inspection {
public:
    Inspection(const MediaInfo& clip, const ClipLimits& limits) : clip_(clip), limits_(limits) {}

    [[nodiscard]] std::vector<Finding> findings() && {
        check_container();
        check_codec();
        check_duration();
        check_sides();
        check_pixels();
        check_aspect();
        check_frame_rate();
        check_file_size();
        std::ranges::stable_sort(findings_, {}, &Finding::severity);
        return std::move(findings_);
    }

private:
    void error(Check check, std::string measured, std::string limit, std::string remedy) {
        findings_.push_back(
            {Severity::error, check, std::move(measured), std::move(limit), std::move(remedy)});
    }

    /// An error that conform can put right; it is named with the first.
    void mendable(Check check, std::string measured, std::string limit, std::string remedy) {
        if (!std::exchange(conform_named_, true)) {
            remedy += " (video_conform does it)";
        }
        error(check, std::move(measured), std::move(limit), std::move(remedy));
    }

    void warning(Check check, std::string measured, std::string limit, std::string remedy) {
        findings_.push_back(
            {Severity::warning, check, std::move(measured), std::move(limit), std::move(remedy)});
    }

    void check_container() {
        const auto& accepted = limits_.containers;
        if (accepted.empty() || contains(accepted, clip_.container)) {
            return;
        }
        wrong_kind(Check::container, clip_.container, accepted, "mp4", "convert to ");
    }

    void check_codec() {
        const auto& accepted = limits_.codecs;
        if (accepted.empty() || contains(accepted, clip_.codec)) {
            return;
        }
        wrong_kind(Check::codec, clip_.codec, accepted, "h264", "re-encode as ");
    }

    /// @param written what conform writes
    void wrong_kind(Check check, const std::string& measured,
                    const std::vector<std::string>& accepted, const char* written,
                    const std::string& verb) {
        if (contains(accepted, written)) {
            mendable(check, measured, join(accepted), verb + written);
        } else {
            error(check, measured, join(accepted), verb + accepted.front());
        }
    }

    void check_duration() {
        const auto& least = limits_.min_seconds;
        const auto& largest = limits_.max_seconds;
        if (!least && !largest) {
            return;
        }
        if (!clip_.duration) {
            warning(Check::duration, kNotStated,
                    range_text(seconds_text(least), seconds_text(largest)),
                    "the file does not tell how long it is; make sure that it fits");
            return;
        }
        const microseconds duration = *clip_.duration;
        const std::string measured = video::seconds_text(duration);
        if (largest && duration > to_microseconds(*largest)) {
            mendable(Check::duration, measured, at_most(*seconds_text(largest)),
                     "trim to " + video::seconds_text(comfortable_length(least, *largest)));
        } else if (least && duration < to_microseconds(*least)) {
            error(Check::duration, measured, at_least(*seconds_text(least)),
                  "choose a longer clip");
        } else if (largest && is_just_inside(to_microseconds(*largest) - duration)) {
            const microseconds clear = comfortable_length(least, *largest);
            warning(
                Check::duration, measured, at_most(*seconds_text(largest)),
                "so close that a server may measure more" +
                    (clear < duration ? "; trim to " + video::seconds_text(clear) : std::string()));
        } else if (least && is_just_inside(duration - to_microseconds(*least))) {
            warning(Check::duration, measured, at_least(*seconds_text(least)),
                    "so close that a server may measure less; choose a longer clip");
        } else if (least && clip_.durations.video &&
                   *clip_.durations.video < to_microseconds(*least)) {
            warning(Check::duration,
                    measured + ", its picture " + video::seconds_text(*clip_.durations.video),
                    at_least(*seconds_text(least)),
                    "a server that measures the picture refuses it; choose a longer clip");
        }
    }

    /// Whoever hits a bound exactly aimed at it: a clip of ten seconds for a model that takes ten.
    [[nodiscard]] static bool is_just_inside(microseconds distance) {
        return distance.count() > 0 && distance < kDurationMargin;
    }

    void check_sides() {
        check_side(Check::width, clip_.display_size.width);
        check_side(Check::height, clip_.display_size.height);
    }

    void check_side(Check check, int side) {
        const auto pixels = [](int count) { return std::to_string(count) + " px"; };
        if (limits_.min_side_px && side < *limits_.min_side_px) {
            wrong_size(check, pixels(side), at_least(pixels(*limits_.min_side_px)));
        } else if (limits_.max_side_px && side > *limits_.max_side_px) {
            wrong_size(check, pixels(side), at_most(pixels(*limits_.max_side_px)));
        }
    }

    void check_pixels() {
        const FrameSize size = clip_.display_size;
        const std::int64_t count = std::int64_t{size.width} * size.height;
        const auto pixels = [](std::int64_t number) { return std::to_string(number) + " pixels"; };
        const std::string measured = pixels(count) + " (" + size_text(size) + ")";
        if (limits_.min_pixels && count < *limits_.min_pixels) {
            wrong_size(Check::pixels, measured, at_least(pixels(*limits_.min_pixels)));
        } else if (limits_.max_pixels && count > *limits_.max_pixels) {
            wrong_size(Check::pixels, measured, at_most(pixels(*limits_.max_pixels)));
        }
    }

    void wrong_size(Check check, const std::string& measured, const std::string& limit) {
        if (const auto size = fitting_size(clip_.display_size, limits_)) {
            mendable(check, measured, limit, "scale to " + size_text(*size));
        } else {
            error(check, measured, limit,
                  "crop or pad: at the aspect of " + size_text(clip_.display_size) +
                      " no size fits all limits");
        }
    }

    void check_aspect() {
        const FrameSize size = clip_.display_size;
        const bool too_narrow = limits_.min_aspect && !aspect_at_least(size, *limits_.min_aspect);
        const bool too_wide = limits_.max_aspect && !aspect_at_most(size, *limits_.max_aspect);
        if (!too_narrow && !too_wide) {
            return;
        }
        const double aspect = size.height > 0 ? static_cast<double>(size.width) / size.height : 0;
        const std::string measured = number_text(aspect, 4) + " (" + size_text(size) + ")";
        const std::string bound =
            number_text(too_narrow ? *limits_.min_aspect : *limits_.max_aspect, 4);
        error(Check::aspect, measured, too_narrow ? at_least(bound) : at_most(bound),
              too_narrow ? "crop its height or pad its width" : "crop its width or pad its height");
    }

    void check_frame_rate() {
        if (!limits_.min_fps && !limits_.max_fps) {
            return;
        }
        const double least = meant_rate(limits_.min_fps.value_or(0));
        const double largest = meant_rate(limits_.max_fps.value_or(HUGE_VAL));
        const auto bounds_text = [this] {
            return range_text(
                limits_.min_fps ? std::optional(rate_text(*limits_.min_fps)) : std::nullopt,
                limits_.max_fps ? std::optional(rate_text(*limits_.max_fps)) : std::nullopt);
        };
        if (!clip_.frame_rate) {
            warning(Check::frame_rate, kNotStated, bounds_text(),
                    "the file does not tell its frame rate; make sure that it fits");
            return;
        }
        const double rate = clip_.frame_rate->per_second();
        const auto is_near = [rate](double bound) {
            const double distance = std::abs(rate / bound - 1);
            return distance > kRounding && distance < kRateMargin;
        };
        if (rate > largest * (1 + kRounding)) {
            mendable(Check::frame_rate, measured_rate(rate, *limits_.max_fps),
                     at_most(rate_text(*limits_.max_fps)),
                     "convert to " + rate_text(usual_rate_at_most(largest, least)));
        } else if (rate < least * (1 - kRounding)) {
            mendable(Check::frame_rate, measured_rate(rate, *limits_.min_fps),
                     at_least(rate_text(*limits_.min_fps)),
                     "convert to " + rate_text(usual_rate_at_least(least, largest)));
        } else if (clip_.variable_frame_rate.value_or(false)) {
            warning(Check::frame_rate, "variable, " + rate_text(rate) + " on average",
                    bounds_text(), "a server may measure another rate; convert to a constant one");
        } else if (limits_.max_fps && is_near(largest)) {
            warning(Check::frame_rate, measured_rate(rate, *limits_.max_fps),
                    at_most(rate_text(*limits_.max_fps)),
                    "so close that a server may measure more");
        } else if (limits_.min_fps && is_near(least)) {
            warning(Check::frame_rate, measured_rate(rate, *limits_.min_fps),
                    at_least(rate_text(*limits_.min_fps)),
                    "so close that a server may measure less");
        }
    }

    void check_file_size() {
        if (!limits_.max_bytes) {
            return;
        }
        const std::int64_t size = clip_.file_size_bytes;
        const std::int64_t largest = *limits_.max_bytes;
        // The same number of megabytes, read as millions of bytes.
        const std::int64_t largest_in_millions = largest / kMegabyte * kMillion;
        if (size > largest) {
            mendable(Check::file_size, bytes_text(size), at_most(bytes_text(largest)),
                     "re-encode at a lower bitrate");
        } else if (largest % kMegabyte == 0 && size > largest_in_millions) {
            warning(Check::file_size, bytes_text(size), at_most(bytes_text(largest)),
                    "too large for a server that counts a megabyte as a million bytes");
        }
    }

    const MediaInfo& clip_;
    const ClipLimits& limits_;
    std::vector<Finding> findings_{};
    bool conform_named_ = false;
};

std::optional<Finding> check_durations_together(std::span<const MediaInfo> clips,
                                                const JointClipLimits& limits) {
    microseconds total{0};
    bool all_stated = true;
    for (const MediaInfo& clip : clips) {
        total += clip.duration.value_or(microseconds{0});
        all_stated = all_stated && clip.duration.has_value();
    }
    const std::string measured = video::seconds_text(total) + " together";
    if (limits.max_seconds && total > to_microseconds(*limits.max_seconds)) {
        return Finding{Severity::error, Check::duration, measured,
                       at_most(*seconds_text(limits.max_seconds)), "trim clips or leave some out"};
    }
    if (!all_stated && (limits.min_seconds || limits.max_seconds)) {
        return Finding{
            Severity::warning, Check::duration, "not stated by every clip",
            range_text(seconds_text(limits.min_seconds), seconds_text(limits.max_seconds)) +
                " together",
            "a file does not tell how long it is; make sure that all fit"};
    }
    if (limits.min_seconds && total < to_microseconds(*limits.min_seconds)) {
        return Finding{Severity::error, Check::duration, measured,
                       at_least(*seconds_text(limits.min_seconds)),
                       "choose longer clips or add some"};
    }
    return std::nullopt;
}

std::optional<Finding> check_sizes_together(std::span<const MediaInfo> clips,
                                            const JointClipLimits& limits) {
    std::int64_t total = 0;
    for (const MediaInfo& clip : clips) {
        total += clip.file_size_bytes;
    }
    if (!limits.max_bytes || total <= *limits.max_bytes) {
        return std::nullopt;
    }
    return Finding{Severity::error, Check::file_size, bytes_text(total) + " together",
                   at_most(bytes_text(*limits.max_bytes)),
                   "re-encode at a lower bitrate or leave some out"};
}

}  // namespace

const char* name_of(Check check) noexcept {
    switch (check) {
        case Check::container:
            return "container";
        case Check::codec:
            return "codec";
        case Check::duration:
            return "duration";
        case Check::width:
            return "width";
        case Check::height:
            return "height";
        case Check::pixels:
            return "pixels";
        case Check::aspect:
            return "aspect";
        case Check::frame_rate:
            return "frame_rate";
        case Check::file_size:
            return "file_size";
    }
    return "unknown";
}

const char* name_of(Severity severity) noexcept {
    return severity == Severity::error ? "error" : "warning";
}

std::string Finding::text() const {
    std::string name = name_of(check);
    std::ranges::replace(name, '_', ' ');
    return name + " " + measured + ", limit " + limit + ": " + remedy;
}

std::vector<Finding> preflight(const MediaInfo& clip, const ClipLimits& limits) {
    return Inspection(clip, limits).findings();
}

std::vector<Finding> preflight_together(std::span<const MediaInfo> clips,
                                        const JointClipLimits& limits) {
    std::vector<Finding> findings;
    if (clips.empty()) {
        return findings;
    }
    for (auto finding :
         {check_durations_together(clips, limits), check_sizes_together(clips, limits)}) {
        if (finding) {
            findings.push_back(std::move(*finding));
        }
    }
    std::ranges::stable_sort(findings, {}, &Finding::severity);
    return findings;
}

bool is_accepted(std::span<const Finding> findings) noexcept {
    return std::ranges::none_of(
        findings, [](const Finding& finding) { return finding.severity == Severity::error; });
}

}  // namespace editprep::video
