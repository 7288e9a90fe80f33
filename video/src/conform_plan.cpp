#include "conform_plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "editprep/video/error.hpp"
#include "fitting_size.hpp"
#include "measure_text.hpp"

namespace editprep::video {
namespace {

using std::chrono::microseconds;

constexpr std::array kWritten{"mp4", "mov"};

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
}

[[noreturn]] void refuse(const std::string& reason, const std::string& next_step) {
    throw Error(Errc::cannot_conform, "cannot make the clip acceptable: " + reason, {}, next_step);
}

// ---- What is wrong

/// The limits that the clip breaks.
class Broken {
public:
    Broken(const MediaInfo& clip, const ClipLimits& limits) {
        for (Finding& finding : preflight(clip, limits)) {
            if (finding.severity == Severity::error) {
                findings_.push_back(std::move(finding));
            }
        }
    }

    [[nodiscard]] const Finding* find(std::initializer_list<Check> checks) const {
        const auto found = std::ranges::find_if(findings_, [checks](const Finding& finding) {
            return std::ranges::find(checks, finding.check) != checks.end();
        });
        return found == findings_.end() ? nullptr : &*found;
    }
    [[nodiscard]] bool has(std::initializer_list<Check> checks) const {
        return find(checks) != nullptr;
    }
    [[nodiscard]] bool none() const { return findings_.empty(); }

private:
    std::vector<Finding> findings_;
};

// ---- Container and streams

bool accepts(const ClipLimits& limits, std::string_view container) {
    return limits.containers.empty() || contains(limits.containers, container);
}

/// `mp4` or `mov` when the name ends so, else empty.
std::string container_in_name(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::ranges::transform(extension, extension.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return extension == ".mp4" ? "mp4" : extension == ".mov" ? "mov" : "";
}

std::string choose_container(const MediaInfo& clip, const ClipLimits& limits,
                             const std::filesystem::path& output) {
    const std::string named = container_in_name(output);
    for (const std::string& wanted : {named, clip.container}) {
        if (std::ranges::find(kWritten, wanted) != kWritten.end() && accepts(limits, wanted)) {
            return wanted;
        }
    }
    for (const char* written : kWritten) {
        if (accepts(limits, written)) {
            return written;
        }
    }
    return {};
}

bool takes_video(const std::string& container, const MediaInfo& clip) {
    if (is_one_of(clip.codec, {"h264", "hevc"})) {
        return true;
    }
    if (container == "mov") {
        return clip.codec == "prores";
    }
    // MPEG-4 part 2 comes from elsewhere packed in ways of its own.
    return is_one_of(clip.codec, {"av1", "vp9"}) ||
           (clip.codec == "mpeg4" && clip.container == "mp4");
}

/// Opus in MP4 is allowed, too, but few of those who take MP4 expect it.
bool takes_audio(const std::string& container, const std::string& codec) {
    if (is_one_of(codec, {"aac", "mp3", "ac3", "eac3", "alac"})) {
        return true;
    }
    return container == "mov" && is_one_of(codec, {"pcm_s16le", "pcm_s16be", "pcm_s24le"});
}

// ---- Duration

microseconds to_microseconds(double seconds) {
    constexpr double kLargest = 9e12;
    return microseconds(std::llround(std::clamp(seconds, -kLargest, kLargest) * 1e6));
}

/// What a clip is cut to: whole seconds where the limit is a little above them, as one is that
/// allows for servers that measure otherwise.
microseconds cut_length(const ClipLimits& limits) {
    constexpr microseconds kAllowance{100'000};
    const microseconds largest = to_microseconds(*limits.max_seconds);
    const microseconds whole = std::chrono::floor<std::chrono::seconds>(largest);
    const bool enough =
        whole.count() > 0 && (!limits.min_seconds || whole >= to_microseconds(*limits.min_seconds));
    return enough && largest - whole <= kAllowance ? whole : largest;
}

void plan_duration(ConformPlan& plan, const MediaInfo& clip, const ClipLimits& limits,
                   microseconds start, microseconds shorter) {
    if (start.count() < 0) {
        throw Error(Errc::invalid_argument, "a clip cannot begin before its start");
    }
    if (clip.duration && start >= *clip.duration) {
        throw Error(Errc::invalid_argument,
                    "the start " + seconds_text(start) +
                        " is beyond the end of the clip, which is " + seconds_text(*clip.duration) +
                        " long",
                    {}, "begin earlier");
    }
    plan.start = start;
    const std::optional<microseconds> rest =
        clip.duration ? std::optional(*clip.duration - start) : std::nullopt;
    if (rest && limits.min_seconds && *rest < to_microseconds(*limits.min_seconds)) {
        const bool enough = *clip.duration >= to_microseconds(*limits.min_seconds);
        refuse((enough ? "from " + seconds_text(start) + " on it lasts " : "it lasts ") +
                   seconds_text(*rest) + ", and at least " +
                   seconds_text(to_microseconds(*limits.min_seconds)) + " are needed",
               enough ? "begin earlier" : "give a longer clip");
    }
    const bool too_long =
        limits.max_seconds && (!rest || *rest > to_microseconds(*limits.max_seconds));
    if (too_long || shorter.count() > 0) {
        const microseconds longest =
            limits.max_seconds ? cut_length(limits) : rest.value_or(microseconds::max());
        plan.length = std::min(longest, rest.value_or(longest)) - shorter;
    }
}

// ---- Picture

/// Bounds on the aspect, those that the bounds on sides imply among them.
std::pair<double, double> aspect_range(const ClipLimits& limits) {
    double least = limits.min_aspect.value_or(0);
    double largest = limits.max_aspect.value_or(1e9);
    if (limits.min_side_px && limits.max_side_px) {
        const double spread = static_cast<double>(*limits.max_side_px) / *limits.min_side_px;
        least = std::max(least, 1 / spread);
        largest = std::min(largest, spread);
    }
    return {least, largest};
}

int even(double pixels) { return std::max(2, 2 * static_cast<int>(std::lround(pixels / 2))); }

/// Black bars bring the aspect to the nearest that is accepted.
void plan_padded_size(ConformPlan& plan, FrameSize displayed, const ClipLimits& limits) {
    const auto [least, largest] = aspect_range(limits);
    const double aspect = static_cast<double>(displayed.width) / displayed.height;
    FrameSize padded = displayed;
    if (aspect > largest) {
        padded.height = static_cast<int>(std::ceil(displayed.width / largest));
    } else if (aspect < least) {
        padded.width = static_cast<int>(std::ceil(displayed.height * least));
    }
    const auto canvas = fitting_size(padded, limits);
    if (!canvas) {
        refuse(size_text(displayed) + " cannot be scaled and padded into the bounds",
               "choose a model with other bounds");
    }
    plan.canvas = *canvas;
    plan.size = aspect > largest ? FrameSize{canvas->width, even(canvas->width / aspect)}
                                 : FrameSize{even(canvas->height * aspect), canvas->height};
    plan.size.width = std::min(plan.size.width, canvas->width);
    plan.size.height = std::min(plan.size.height, canvas->height);
}

std::string bounds_text(const ClipLimits& limits) {
    std::string text;
    const auto add = [&text](const std::string& bound) {
        text += (text.empty() ? "" : ", ") + bound;
    };
    if (limits.min_side_px || limits.max_side_px) {
        add("sides of " + (limits.min_side_px ? std::to_string(*limits.min_side_px) : "any") +
            " to " + (limits.max_side_px ? std::to_string(*limits.max_side_px) : "any") + " px");
    }
    if (limits.min_pixels || limits.max_pixels) {
        add((limits.min_pixels ? std::to_string(*limits.min_pixels) : "0") + " to " +
            (limits.max_pixels ? std::to_string(*limits.max_pixels) : "any number of") + " pixels");
    }
    if (limits.min_aspect || limits.max_aspect) {
        add("width through height from " + number_text(limits.min_aspect.value_or(0), 3) +
            (limits.max_aspect ? " to " + number_text(*limits.max_aspect, 3) : ""));
    }
    return text;
}

void plan_size(ConformPlan& plan, FrameSize displayed, const ClipLimits& limits, bool pad) {
    if (const auto size = fitting_size(displayed, limits)) {
        plan.size = plan.canvas = *size;
        return;
    }
    if (!pad) {
        refuse("no scaling brings " + size_text(displayed) + " into " + bounds_text(limits),
               "crop it, or allow black bars (pad)");
    }
    plan_padded_size(plan, displayed, limits);
}

// ---- Frame rate

/// 29.97 is written and 30000/1001 is meant; other fractions are taken to the thousandth, towards
/// the inside of the bounds.
FrameRate exact_rate(double written, bool upwards) {
    const double family = std::round(written * 1.001);
    if (written == std::round(written)) {
        return {static_cast<int>(written), 1};
    }
    if (std::abs(written - family / 1.001) < 0.005) {
        return {static_cast<int>(family) * 1000, 1001};
    }
    const double thousandths = written * 1000;
    return {
        static_cast<int>(upwards ? std::ceil(thousandths - 1e-6) : std::floor(thousandths + 1e-6)),
        1000};
}

/// The bound, unless a whole multiple or fraction of the rate is near it: then no frame stands
/// longer than its neighbours.
FrameRate rate_within(FrameRate rate, const ClipLimits& limits) {
    constexpr double kNear = 1.25;
    const double now = rate.per_second();
    const double least = limits.min_fps.value_or(0);
    const double largest = limits.max_fps.value_or(1e9);
    if (now < least) {
        const int times = static_cast<int>(std::ceil(least / now));
        const double multiple = now * times;
        const bool better = multiple <= std::min(largest, least * kNear);
        return better ? FrameRate{rate.numerator * times, rate.denominator}
                      : exact_rate(least, /*upwards=*/true);
    }
    if (now > largest) {
        const int part = static_cast<int>(std::ceil(now / largest));
        const double fraction = now / part;
        const bool better = fraction >= std::max(least, largest / kNear);
        return better ? FrameRate{rate.numerator, rate.denominator * part}
                      : exact_rate(largest, /*upwards=*/false);
    }
    return rate;
}

void plan_frame_rate(ConformPlan& plan, const MediaInfo& clip, const ClipLimits& limits) {
    const bool limited = limits.min_fps || limits.max_fps;
    if (clip.variable_frame_rate.value_or(false) && !limited) {
        return;
    }
    // Of a clip that does not tell its rate, one that everything plays.
    constexpr FrameRate kUsual{30, 1};
    constexpr double kMostFrames = 1000;
    FrameRate rate = clip.nominal_frame_rate.value_or(clip.frame_rate.value_or(kUsual));
    if (rate.numerator <= 0 || rate.denominator <= 0 || rate.per_second() > kMostFrames) {
        rate = clip.frame_rate.value_or(kUsual);
    }
    plan.frame_rate = rate_within(rate, limits);
}

// ---- File size

/// The cut alone may make the file small enough.
bool stays_too_large(const ConformPlan& plan, const MediaInfo& clip, const ClipLimits& limits) {
    if (!limits.max_bytes || clip.file_size_bytes <= *limits.max_bytes) {
        return false;
    }
    if (!plan.length || !clip.duration || clip.duration->count() == 0) {
        return true;
    }
    constexpr double kUneven = 1.1;
    const double kept =
        static_cast<double>(plan.length->count()) / static_cast<double>(clip.duration->count());
    return static_cast<double>(clip.file_size_bytes) * kept * kUneven >
           static_cast<double>(*limits.max_bytes);
}

void plan_bitrate(ConformPlan& plan, const MediaInfo& clip, const ClipLimits& limits,
                  double share) {
    const std::optional<microseconds> length = plan.length ? plan.length : clip.duration;
    if (!limits.max_bytes || !length || length->count() <= 0) {
        return;
    }
    constexpr std::int64_t kAmpleBits = 2'000'000;
    constexpr std::int64_t kCopiedAudioBits = 320'000;
    constexpr std::int64_t kFewAudioBits = 64'000;
    constexpr std::int64_t kLeastVideoBits = 40'000;
    constexpr std::int64_t kMostVideoBits = 400'000'000;
    const double seconds = static_cast<double>(length->count()) / 1e6;
    const auto budget = static_cast<std::int64_t>(
        std::min(static_cast<double>(*limits.max_bytes) * 8 * share / seconds, 1e12));
    if (clip.has_audio && budget < kAmpleBits) {
        plan.encode_audio = true;
        plan.audio_bits_per_second = kFewAudioBits;
    }
    const std::int64_t audio = !clip.has_audio     ? 0
                               : plan.encode_audio ? plan.audio_bits_per_second
                                                   : kCopiedAudioBits;
    if (budget - audio < kLeastVideoBits) {
        refuse(
            bytes_text(*limits.max_bytes) + " hold no watchable clip of " + seconds_text(*length),
            "cut it shorter, or choose a model with a larger limit");
    }
    plan.max_video_bits_per_second = std::min(budget - audio, kMostVideoBits);
}

}  // namespace

ConformPlan make_plan(const MediaInfo& clip, const ClipLimits& limits,
                      const ConformOptions& options, const std::filesystem::path& output,
                      const Lessons& lessons) {
    const Broken broken(clip, limits);
    ConformPlan plan;
    plan_duration(plan, clip, limits, options.start, lessons.shorter);
    plan.container = choose_container(clip, limits, output);
    // A name without one of these endings says nothing against the clip's own container.
    const std::string named = container_in_name(output);
    const bool well_named = named.empty() || named == clip.container || !accepts(limits, named);
    const bool cut = plan.start.count() > 0 || plan.length;
    if (broken.none() && well_named && !cut && !lessons.must_encode) {
        plan.as_it_is = true;
        plan.container = clip.container;
        return plan;
    }
    if (plan.container.empty()) {
        refuse("it has to be written anew, and MP4 and QuickTime are not accepted",
               "convert it with another program");
    }
    plan.too_large = broken.has({Check::file_size});
    plan.encode_video = lessons.must_encode || plan.start.count() > 0 ||
                        broken.has({Check::codec, Check::width, Check::height, Check::pixels,
                                    Check::aspect, Check::frame_rate}) ||
                        !takes_video(plan.container, clip) || stays_too_large(plan, clip, limits);
    plan.encode_audio = clip.has_audio && !takes_audio(plan.container, clip.audio_codec);
    if (!plan.encode_video) {
        return plan;
    }
    if (!limits.codecs.empty() && !contains(limits.codecs, "h264")) {
        refuse("it has to be re-encoded, and H.264 is not accepted",
               "convert it with another program");
    }
    plan_size(plan, clip.display_size, limits, options.pad);
    plan_frame_rate(plan, clip, limits);
    plan.tones = clip.dynamic_range.value_or(DynamicRange::sdr);
    plan_bitrate(plan, clip, limits, lessons.bitrate_share);
    return plan;
}

MediaInfo foretold(const MediaInfo& clip, const ConformPlan& plan) {
    if (plan.as_it_is) {
        return clip;
    }
    MediaInfo result = clip;
    result.container = plan.container;
    result.index_at_front = true;
    result.video_stream_count = 1;
    result.audio_stream_count = clip.has_audio ? 1 : 0;
    result.file_size_bytes = 0;
    if (clip.duration) {
        result.duration = *clip.duration - plan.start;
    }
    if (plan.length) {
        result.duration = std::min(*plan.length, result.duration.value_or(*plan.length));
    }
    result.durations = {.container = result.duration};
    if (plan.encode_audio) {
        result.audio_codec = "aac";
    }
    if (!plan.encode_video) {
        return result;
    }
    result.coded_size = result.display_size = plan.canvas;
    result.mirrored = false;
    result.rotation_degrees = 0;
    result.pixel_aspect = {};
    if (plan.frame_rate) {
        result.frame_rate = result.nominal_frame_rate = plan.frame_rate;
        result.variable_frame_rate = false;
    }
    result.codec = "h264";
    result.codec_profile = "High";
    result.bit_depth = 8;
    result.dynamic_range = DynamicRange::sdr;
    return result;
}

// ---- In words

namespace {

class Story {
public:
    void add(const char* what, std::string text) { changes_.push_back({what, std::move(text)}); }
    [[nodiscard]] std::vector<Change> changes() && { return std::move(changes_); }

private:
    std::vector<Change> changes_;
};

std::string counted(int count, const std::string& one, const std::string& several) {
    return std::to_string(count) + ' ' + (count == 1 ? one : several);
}

void tell_container(Story& story, const MediaInfo& before, const ConformPlan& plan) {
    if (before.container == plan.container) {
        return;
    }
    const bool copied = !plan.encode_video && !plan.encode_audio;
    story.add("container", "changed from " + before.container + " to " + plan.container +
                               (copied ? ", without re-encoding" : ""));
}

void tell_duration(Story& story, const MediaInfo& before, const MediaInfo& after,
                   const ConformPlan& plan, const TranscodeResult& result) {
    if (plan.start.count() == 0 && !plan.length) {
        return;
    }
    if (plan.start.count() == 0 && !before.duration && !result.cut.value_or(false)) {
        // That there was anything to cut off shows only where the clip ends.
        if (!result.cut) {
            story.add("duration", "trimmed to " + seconds_text(*plan.length) + " if it is longer");
        }
        return;
    }
    const auto text = [](const std::optional<microseconds>& duration) {
        return duration ? seconds_text(*duration) : "an unknown duration";
    };
    story.add("duration", "trimmed from " + text(before.duration) + " to " + text(after.duration) +
                              (plan.start.count() > 0 ? ", beginning at " + seconds_text(plan.start)
                                                      : std::string()));
}

void tell_size(Story& story, const MediaInfo& before, const ConformPlan& plan) {
    if (plan.size != before.display_size) {
        story.add("size",
                  "scaled from " + size_text(before.display_size) + " to " + size_text(plan.size));
    }
    if (plan.canvas != plan.size) {
        story.add("size", "black bars added, which makes it " + size_text(plan.canvas));
    }
    if (before.pixel_aspect != PixelAspect{}) {
        story.add("size", "pixels of " + std::to_string(before.pixel_aspect.numerator) + ':' +
                              std::to_string(before.pixel_aspect.denominator) + " made square");
    }
    if (before.mirrored) {
        story.add("rotation", "left and right exchanged, as players show it");
    }
    if (before.rotation_degrees != 0) {
        story.add("rotation", "turned upright, by " + std::to_string(before.rotation_degrees) +
                                  " degrees clockwise");
    }
}

void tell_frame_rate(Story& story, const MediaInfo& before, const ConformPlan& plan) {
    if (!plan.frame_rate) {
        return;
    }
    const std::string now = rate_text(plan.frame_rate->per_second());
    if (before.variable_frame_rate.value_or(false)) {
        story.add("frame_rate", "made constant, at " + now);
    } else if (!before.frame_rate) {
        story.add("frame_rate", "set to " + now);
    } else if (rate_text(before.frame_rate->per_second()) != now) {
        story.add("frame_rate",
                  "changed from " + rate_text(before.frame_rate->per_second()) + " to " + now);
    }
}

void tell_codecs(Story& story, const MediaInfo& before, const MediaInfo& after,
                 const ConformPlan& plan) {
    const auto text = [](const std::string& what, const std::string& from, const std::string& to) {
        return what + " re-encoded" + (from == to ? " as " + to : " from " + from + " to " + to);
    };
    if (plan.encode_video && plan.tones != DynamicRange::sdr) {
        story.add("colour", std::string("high dynamic range (") +
                                (plan.tones == DynamicRange::pq ? "PQ" : "HLG") +
                                ") mapped to BT.709");
    }
    if (plan.encode_video) {
        story.add("codec", text("video", before.codec, after.codec));
    }
    if (plan.encode_audio) {
        story.add("codec", text("sound", before.audio_codec, after.audio_codec));
    }
}

void tell_left_out(Story& story, const TranscodeResult& result) {
    std::string text;
    const auto add = [&text](int count, const std::string& one, const std::string& several) {
        if (count > 0) {
            text += (text.empty() ? "" : ", ") + counted(count, one, several);
        }
    };
    add(result.dropped_video_streams, "further video stream", "further video streams");
    add(result.dropped_audio_streams, "further sound track", "further sound tracks");
    add(result.dropped_subtitle_streams, "subtitle track", "subtitle tracks");
    add(result.dropped_other_streams, "cover picture or attachment",
        "cover pictures or attachments");
    add(result.dropped_chapters, "chapter mark", "chapter marks");
    if (!text.empty()) {
        story.add("streams", "left out: " + text);
    }
}

}  // namespace

std::vector<Change> describe_changes(const MediaInfo& before, const MediaInfo& after,
                                     const ConformPlan& plan, const TranscodeResult& result) {
    if (plan.as_it_is) {
        return {};
    }
    Story story;
    tell_container(story, before, plan);
    tell_duration(story, before, after, plan, result);
    if (plan.encode_video) {
        tell_size(story, before, plan);
        tell_frame_rate(story, before, plan);
    }
    tell_codecs(story, before, after, plan);
    if (plan.too_large && after.file_size_bytes > 0) {
        story.add("file_size", "shrunk from " + bytes_text(before.file_size_bytes) + " to " +
                                   bytes_text(after.file_size_bytes));
    }
    tell_left_out(story, result);
    if (result.damaged_packets > 0) {
        story.add("damage", std::to_string(result.damaged_packets) +
                                " damaged packets could not be decoded and are missing or patched");
    }
    return std::move(story).changes();
}

}  // namespace editprep::video
