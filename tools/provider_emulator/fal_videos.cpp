#include "tools/provider_emulator/fal_videos.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "editprep/video/media_info.hpp"
#include "tools/provider_emulator/clip_maker.hpp"
#include "tools/provider_emulator/input_schema.hpp"
#include "tools/provider_emulator/media_limits.hpp"
#include "tools/provider_emulator/model_error.hpp"
#include "tools/provider_emulator/picture_maker.hpp"
#include "tools/provider_emulator/picture_size.hpp"
#include "tools/provider_emulator/picture_source.hpp"

namespace editprep::tools::provider_emulator {
namespace {

using std::chrono::microseconds;
using transport::FileKind;
using transport::ModelField;

constexpr double kDefaultSeconds = 5;
constexpr double kMaxSeconds = 60;
/// Few, for speed.
constexpr int kDefaultLines = 480;
/// Beyond it a picture's shape is not followed.
constexpr double kLongestAspect = 21.0 / 9.0;
constexpr double kDefaultAspect = 16.0 / 9.0;

struct ClipFile {
    std::string content;
    std::string media_type = "video/mp4";
    std::string extension = "mp4";
};

/// What the input refers to, fetched and checked.
struct Attachments {
    /// Of video_url.
    std::optional<ClipFile> clip{};
    std::optional<video::MediaInfo> clip_info{};
    std::optional<imaging::Size> picture{};
};

using FileVisitor =
    std::function<void(const ModelField& field, const std::string& url, const Json& location)>;

void visit_files(const std::vector<ModelField>& fields, const Json& object, const Json& location,
                 const FileVisitor& visit);

void visit_value(const ModelField& field, const Json& value, const Json& location,
                 const FileVisitor& visit) {
    if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            Json member = location;
            member.push_back(i);
            visit_value(field, value[i], member, visit);
        }
    } else if (value.is_object()) {
        visit_files(field.members, value, location, visit);
    } else if (value.is_string() && field.file != FileKind::none) {
        visit(field, value.get_ref<const std::string&>(), location);
    }
}

/// Every file of an input that has been checked against its schema.
void visit_files(const std::vector<ModelField>& fields, const Json& object, const Json& location,
                 const FileVisitor& visit) {
    for (const ModelField& field : fields) {
        if (const auto found = object.find(field.name); found != object.end()) {
            Json place = location;
            place.push_back(field.name);
            visit_value(field, *found, place, visit);
        }
    }
}

std::string fetch(const FileStore& files, const std::string& url, const std::string& base_url,
                  const Json& location) {
    try {
        return fetch_reference(files, url, base_url);
    } catch (const PictureError& error) {
        refuse(location, error.what(), "file_download_error");
    }
}

ClipFile file_of(std::string content, const video::MediaInfo& info) {
    const std::string& container = info.container;
    const bool quicktime = container == "mov";
    const bool matroska = container == "matroska";
    const bool plain = container == "webm" || container == "mp4";
    return {std::move(content),
            quicktime  ? "video/quicktime"
            : matroska ? "video/x-matroska"
            : plain    ? "video/" + container
                       : "application/octet-stream",
            matroska                ? "mkv"
            : container == "mpegts" ? "ts"
                                    : container};
}

/// Collects what the fields hold, each file against its own limits and each field's clips together.
class Collector {
public:
    Collector(const FileStore& files, const ModelCall& call, const transport::Model& model)
        : files_(files), call_(call), model_(model) {}

    [[nodiscard]] Attachments collect(const Json& input) {
        for (const ModelField& field : model_.fields) {
            clips_.clear();
            visit_files({field}, input, {"body"},
                        [this](const ModelField& holder, const std::string& url,
                               const Json& location) { take(holder, url, location); });
            if (clips_.size() > 1 || field.type == transport::FieldType::array) {
                check_clips_together(clips_, field, {"body", field.name});
            }
        }
        return std::move(found_);
    }

private:
    void take(const ModelField& field, const std::string& url, const Json& location) {
        std::string content = fetch(files_, url, call_.base_url, location);
        switch (field.file) {
            case FileKind::video:
                clips_.push_back(check_clip(content, model_, field, location));
                if (field.name == "video_url") {
                    found_.clip = file_of(std::move(content), clips_.back());
                }
                if (!found_.clip_info) {
                    found_.clip_info = clips_.back();
                }
                return;
            case FileKind::image: {
                const imaging::Size size = check_picture(content, field, location);
                if (!found_.picture) {
                    found_.picture = size;
                }
                return;
            }
            case FileKind::audio:
                return check_sound(content, field, location);
            case FileKind::none:
                return;
        }
    }

    const FileStore& files_;
    const ModelCall& call_;
    const transport::Model& model_;
    Attachments found_;
    /// Of the field that is looked at.
    std::vector<video::MediaInfo> clips_;
};

/// Seedance's rule: sound goes with a picture or a clip.
void check_sound_has_company(const Json& input) {
    const auto count = [&](const char* field) { return input.value(field, Json()).size(); };
    if (count("audio_urls") > 0 && count("image_urls") + count("video_urls") == 0) {
        refuse({"body"}, "Value error, audio_urls needs at least one of image_urls and video_urls",
               "value_error");
    }
}

/// Models whose result takes its length from the clip that they edit.
bool edits_a_clip(const transport::Model& model) {
    const ModelField* clip = model.field("video_url");
    return clip != nullptr && clip->required && model.field("duration") == nullptr;
}

std::optional<double> number_in(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && number > 0 ? std::optional(number) : std::nullopt;
}

std::string text_in(const Json& object, const char* name) {
    const Json value = object.is_object() ? object.value(name, Json()) : Json();
    return value.is_string() ? value.get<std::string>() : value.is_number() ? value.dump() : "";
}

double seconds_for(const Json& input, const Attachments& attachments) {
    for (const std::string& text :
         {text_in(input, "duration"), text_in(input.value("config", Json()), "duration")}) {
        if (const auto asked = number_in(text)) {
            return std::min(*asked, kMaxSeconds);
        }
    }
    const bool follows = attachments.clip && attachments.clip_info->duration;
    return follows ? std::chrono::duration<double>(*attachments.clip_info->duration).count()
                   : kDefaultSeconds;
}

double aspect_for(const Json& input, const Attachments& attachments) {
    const std::string ratio = text_in(input, "aspect_ratio");
    const std::size_t colon = ratio.find(':');
    if (colon != std::string::npos) {
        return number_in(ratio).value_or(1) / number_in(ratio.substr(colon + 1)).value_or(1);
    }
    if (text_in(input.value("config", Json()), "orientation") == "portrait") {
        return 1 / kDefaultAspect;
    }
    if (const auto& clip = attachments.clip_info; clip && clip->display_size.height > 0) {
        return static_cast<double>(clip->display_size.width) / clip->display_size.height;
    }
    if (const auto& picture = attachments.picture) {
        return std::clamp(static_cast<double>(picture->width) / picture->height, 1 / kLongestAspect,
                          kLongestAspect);
    }
    return kDefaultAspect;
}

/// Lines are those of the shorter side, as in 720p.
video::FrameSize size_for(const Json& input, const Attachments& attachments) {
    const double lines = number_in(text_in(input, "resolution")).value_or(kDefaultLines);
    const double aspect = aspect_for(input, attachments);
    return encodable(lines * std::max(1.0, aspect), lines * std::max(1.0, 1 / aspect));
}

video::FrameSize sent_frame_size(video::FrameSize own, const std::optional<Fault>& fault,
                                 const std::optional<imaging::Size>& wanted) {
    const imaging::Size size = sent_size({own.width, own.height}, fault, wanted);
    return encodable(size.width, size.height);
}

video::PatternClip pattern_for(const Json& input, const Attachments& attachments,
                               std::uint32_t seed) {
    const double seconds = seconds_for(input, attachments);
    return {.size = size_for(input, attachments),
            .duration = microseconds(std::llround(seconds * 1e6)),
            .with_audio = input.value("generate_audio", Json(true)) != false &&
                          input.value("keep_audio", Json(true)) != false,
            .seed = seed};
}

bool has_fault(const ModelCall& call, FaultKind kind) {
    return call.fault && call.fault->kind == kind;
}

Json file_object(FileStore& files, ClipFile file, const ModelCall& call) {
    const std::string name = "output." + file.extension;
    const std::size_t size = file.content.size();
    StoredFile stored{std::move(file.content), file.media_type};
    if (call.lifetime) {
        stored.expires_at = std::chrono::steady_clock::now() + *call.lifetime;
    }
    return {{"url", call.base_url + files.add(std::move(stored), name)},
            {"content_type", file.media_type},
            {"file_name", name},
            {"file_size", size}};
}

}  // namespace

Json FalVideos::run(const ModelCall& call, const transport::Model& model, const Json& input) const {
    check_input(model, input);
    check_sound_has_company(input);
    Attachments attachments = Collector(files_, call, model).collect(input);

    const Json seed = input.value("seed", Json(0));
    const Brush brush = brush_for(text_in(input, "prompt"),
                                  seed.is_number_integer() ? seed.get<std::int64_t>() : 0);
    ClipFile file;
    if (edits_a_clip(model) && !has_fault(call, FaultKind::other_size)) {
        file = std::move(*attachments.clip);
    } else {
        video::PatternClip pattern = pattern_for(input, attachments, brush.seed);
        pattern.size = sent_frame_size(pattern.size, call.fault, answer_size_);
        file.content = make_clip(pattern);
    }
    if (has_fault(call, FaultKind::not_an_image)) {
        file.content = "This is not a clip.\n";
    }
    Json output{{"video", file_object(files_, std::move(file), call)}};
    if (std::ranges::find(model.output, "seed") != model.output.end()) {
        output["seed"] = seed.is_number_integer() && seed != 0 ? seed : Json(brush.seed);
    }
    return output;
}

}  // namespace editprep::tools::provider_emulator
