#include "tools/clips/limit_options.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "tools/clips/clip_check.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/number_text.hpp"
#include "tools/shared/words.hpp"

namespace editprep::tools {
namespace {

using video::ClipLimits;

/// Removes a limit, or all of a model's.
constexpr std::string_view kNone = "none";
constexpr double kBytesPerMb = 1 << 20;

struct ContainerName {
    std::string_view name;
    std::string_view other_name;
};

/// As MediaInfo::container, and as files end.
constexpr std::array<ContainerName, 6> kContainers{{{"mp4", "m4v"},
                                                    {"mov", "qt"},
                                                    {"webm", "webm"},
                                                    {"matroska", "mkv"},
                                                    {"avi", "avi"},
                                                    {"mpegts", "ts"}}};

std::vector<std::string> words_in(const std::string& list) {
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin <= list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        const std::size_t first = list.find_first_not_of(' ', begin);
        const std::size_t last = end == 0 ? end : list.find_last_not_of(' ', end - 1);
        if (first < end) {
            words.push_back(lower_case(list.substr(first, last - first + 1)));
        }
        begin = end + 1;
    }
    return words;
}

std::string to_container(const std::string& word) {
    const std::string name = word.starts_with('.') ? word.substr(1) : word;
    const auto known = std::ranges::find_if(kContainers, [&](const ContainerName& container) {
        return container.name == name || container.other_name == name;
    });
    if (known == kContainers.end()) {
        throw UsageError("argument --container: invalid choice: '" + word +
                         "' (choose from mp4, mov, webm, matroska, avi, mpegts, none)");
    }
    return std::string(known->name);
}

/// FFmpeg's names, which preflight compares with.
std::string to_codec(const std::string& word) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kOthers{
        {{"h265", "hevc"}, {"h.265", "hevc"}, {"h.264", "h264"}, {"avc", "h264"}}};
    const auto other = std::ranges::find(kOthers, word, &decltype(kOthers)::value_type::first);
    return other == kOthers.end() ? word : std::string(other->second);
}

[[noreturn]] void refuse(const std::string& option, const std::string& text) {
    throw UsageError("argument " + option + ": invalid limit: '" + text +
                     "' (want a number above 0, or none)");
}

/// `2.5`, or a fraction as people write aspects and frame rates: `16:9`, `30000/1001`.
double to_positive(const std::string& option, const std::string& text) {
    const std::size_t sign = text.find_first_of(":/");
    const auto number = parse_number(text.substr(0, sign));
    const auto divisor = sign == std::string::npos ? 1 : parse_number(text.substr(sign + 1));
    if (!number || !divisor || *number <= 0 || *divisor <= 0) {
        refuse(option, text);
    }
    return *number / *divisor;
}

template <class Value>
Value converted(const std::string& option, const std::string& text, double factor) {
    const double value = to_positive(option, text) * factor;
    if constexpr (std::is_integral_v<Value>) {
        // A double holds every whole number up to here, and no clip comes near.
        constexpr double kLargest = std::min(
            static_cast<double>(std::numeric_limits<Value>::max() - 1), 9'007'199'254'740'992.0);
        if (value > kLargest || (factor == 1 && std::floor(value) != value)) {
            refuse(option, text);
        }
        return static_cast<Value>(value);
    } else {
        return value;
    }
}

template <class Value>
struct NumberOption {
    const char* name;
    std::optional<Value> ClipLimits::*limit;
    const char* help;
    double factor = 1;
};

constexpr NumberOption<double> kDurations[] = {
    {"--min-seconds", &ClipLimits::min_seconds, "Shortest clip, in seconds"},
    {"--max-seconds", &ClipLimits::max_seconds, "Longest clip, in seconds"},
};
constexpr NumberOption<int> kSides[] = {
    {"--min-side", &ClipLimits::min_side_px, "Least width and height each, in pixels"},
    {"--max-side", &ClipLimits::max_side_px, "Largest width and height each, in pixels"},
};
constexpr NumberOption<std::int64_t> kPixels[] = {
    {"--min-pixels", &ClipLimits::min_pixels, "Least width times height, in pixels"},
    {"--max-pixels", &ClipLimits::max_pixels, "Largest width times height, in pixels"},
};
constexpr NumberOption<double> kRatios[] = {
    {"--min-aspect", &ClipLimits::min_aspect, "Least width through height: 0.4, 9:16"},
    {"--max-aspect", &ClipLimits::max_aspect, "Largest width through height"},
    {"--min-fps", &ClipLimits::min_fps, "Fewest frames a second: 24, 24000/1001"},
    {"--max-fps", &ClipLimits::max_fps, "Most frames a second"},
};
constexpr NumberOption<std::int64_t> kSizes[] = {
    {"--max-mb", &ClipLimits::max_bytes, "Largest file, in units of 1,048,576 bytes", kBytesPerMb},
};

template <class Value, std::size_t Count, class Changes>
void declare(CommandLine& line, const NumberOption<Value> (&options)[Count], Changes& changes) {
    for (const NumberOption<Value>& option : options) {
        line.custom(option.name,
                    [&option, &changes](const std::string& text) {
                        std::optional<Value> value;
                        if (text != kNone) {
                            value = converted<Value>(option.name, text, option.factor);
                        }
                        changes.push_back(
                            [&option, value](ClipLimits& limits) { limits.*option.limit = value; });
                    },
                    {.help = option.help, .placeholder = "N", .default_text = "the model's"});
    }
}

template <class Changes>
void declare_list(CommandLine& line, const std::string& name, const std::string& help,
                  std::vector<std::string> ClipLimits::*list,
                  std::string (*to_word)(const std::string&), Changes& changes) {
    line.custom(
        name,
        [name, list, to_word, &changes, first = true](const std::string& text) mutable {
            std::vector<std::string> words = words_in(text);
            const bool none = words.size() == 1 && words.front() == kNone;
            if (words.empty() || (!none && std::ranges::find(words, kNone) != words.end())) {
                throw UsageError("argument " + name + ": invalid list: '" + text + "'");
            }
            if (none) {
                words.clear();
            }
            std::ranges::transform(words, words.begin(), to_word);
            changes.push_back([list, words, clear = first || none](ClipLimits& limits) {
                std::vector<std::string>& all = limits.*list;
                if (clear) {
                    all.clear();
                }
                all.insert(all.end(), words.begin(), words.end());
            });
            first = false;
        },
        {.help = help, .placeholder = "NAME[,NAME]", .default_text = "the model's"});
}

template <class Value>
void check_order(const std::optional<Value>& least, const std::optional<Value>& largest,
                 const char* what) {
    if (least && largest && *least > *largest) {
        throw UsageError("the limits of the " + std::string(what) +
                         " leave nothing between them; give both, or none for one");
    }
}

void check_orders(const ClipLimits& limits) {
    check_order(limits.min_seconds, limits.max_seconds, "duration");
    check_order(limits.min_side_px, limits.max_side_px, "sides");
    check_order(limits.min_pixels, limits.max_pixels, "pixels");
    check_order(limits.min_aspect, limits.max_aspect, "aspect");
    check_order(limits.min_fps, limits.max_fps, "frame rate");
}

}  // namespace

ChosenLimits limits_of_model(const transport::Model& model) {
    const transport::ModelField* field = clip_field(model);
    if (field == nullptr) {
        throw UsageError("argument --model: " + model.id +
                         " takes no clip; --list-models of video_preflight names those that do");
    }
    return {limits_of(model, *field), joint_limits_of(*field), model.source, model.date};
}

ChosenLimits limits_of_model(const transport::ModelRegistry& models, const std::string& id) {
    const transport::Model* model = models.find(id);
    if (model == nullptr) {
        const std::string nearest = models.nearest_id(id);
        throw UsageError("argument --model: nothing is known of '" + id + "'" +
                         (nearest.empty() ? "; --list-models of video_preflight names those that "
                                            "take clips"
                                          : "; did you mean " + nearest + "?"));
    }
    return limits_of_model(*model);
}

LimitGroup::LimitGroup()
    : model_(kDefaultClipModel),
      spell_out_([](const std::string& reason) { return UsageError(reason); }) {}

void LimitGroup::add_to(CommandLine& line) {
    line.section("Limits");
    line.text("--model", model_,
              {.help = "Whose limits hold: a model's id, or none. Each of the following replaces "
                       "one of them; none removes it",
               .placeholder = "ID"});
    declare_list(line, "--container",
                 "What the clip may come in: mp4, mov, webm, matroska, avi, mpegts",
                 &ClipLimits::containers, to_container, changes_);
    declare_list(line, "--codec", "What the frames may be coded in: h264, hevc, vp9, av1, prores",
                 &ClipLimits::codecs, to_codec, changes_);
    declare(line, kDurations, changes_);
    declare(line, kSides, changes_);
    declare(line, kPixels, changes_);
    declare(line, kRatios, changes_);
    declare(line, kSizes, changes_);
    line.rule([this, &line] { spell_out_ = line.spell_out(); });
}

ChosenLimits LimitGroup::limits(const transport::ModelRegistry& models) const {
    ChosenLimits limits;
    try {
        if (model_ != kNone) {
            limits = limits_of_model(models, model_);
        }
        for (const Change& change : changes_) {
            change(limits.clip);
        }
        check_orders(limits.clip);
    } catch (const UsageError& error) {
        throw spell_out_(error.what());
    }
    return limits;
}

}  // namespace editprep::tools
