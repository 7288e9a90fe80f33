#include "tools/generate_video/fal_form.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "tools/clips/clip_check.hpp"
#include "tools/generate_video/video_call.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/number_text.hpp"
#include "tools/shared/words.hpp"

namespace editprep::tools::generate_video {
namespace {

using Json = nlohmann::ordered_json;
using transport::FieldType;
using transport::FileKind;
using transport::Model;
using transport::ModelField;
using Names = std::initializer_list<const char*>;

constexpr const char* kReferenceModel = "bytedance/seedance-2.0/reference-to-video";
constexpr const char* kImageModel = "bytedance/seedance-2.0/image-to-video";
constexpr const char* kTextModel = "bytedance/seedance-2.0/text-to-video";

ModelField file_field(std::string name, FileKind kind) {
    const bool list = name.ends_with('s');
    return {
        .name = std::move(name), .type = list ? FieldType::array : FieldType::text, .file = kind};
}

ModelField element_field() {
    return {.name = "elements",
            .type = FieldType::array,
            .item_type = FieldType::object,
            .members = {file_field("frontal_image_url", FileKind::image),
                        file_field("reference_image_urls", FileKind::image)}};
}

/// As fal's models call them.
std::vector<ModelField> usual_fields() {
    std::vector<ModelField> fields;
    for (const char* name : {"image_url", "image_urls", "end_image_url", "start_image_url",
                             "tail_image_url", "first_frame_url", "last_frame_url"}) {
        fields.push_back(file_field(name, FileKind::image));
    }
    for (const char* name : {"video_url", "video_urls"}) {
        fields.push_back(file_field(name, FileKind::video));
    }
    for (const char* name : {"audio_url", "audio_urls"}) {
        fields.push_back(file_field(name, FileKind::audio));
    }
    fields.push_back(element_field());
    return fields;
}

/// In the spelling of the model, where it lists its words.
std::string as_choice(const ModelField* field, const std::string& text) {
    if (field == nullptr) {
        return text;
    }
    const auto same = std::ranges::find_if(field->choices, [&](const std::string& choice) {
        return lower_case(choice) == lower_case(text);
    });
    return same == field->choices.end() ? text : *same;
}

/// `5`, `"5"` or `"5s"`, as the model writes it.
Json length_value(const ModelField* field, std::int64_t seconds) {
    const std::string text = std::to_string(seconds);
    if (field == nullptr || field->type == FieldType::text) {
        const bool with_unit =
            field != nullptr && std::ranges::find(field->choices, text) == field->choices.end() &&
            std::ranges::find(field->choices, text + 's') != field->choices.end();
        return with_unit ? text + 's' : text;
    }
    return seconds;
}

/// `WxH` where the model takes numbers; every other word as it is.
Json size_value(const ModelField* field, const std::string& size) {
    const auto cross = size.find('x');
    if (field != nullptr && field->type == FieldType::object && cross != std::string::npos) {
        const auto width = parse_integer(size.substr(0, cross));
        const auto height = parse_integer(size.substr(cross + 1));
        if (width && height) {
            return {{"width", *width}, {"height", *height}};
        }
    }
    return as_choice(field, size);
}

Json as_strings(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const std::string& text : texts) {
        list.push_back(text);
    }
    return list;
}

Json element_value(const Element& element) {
    Json value = Json::object();
    if (!element.frontal.empty()) {
        value["frontal_image_url"] = element.frontal;
    }
    if (!element.references.empty()) {
        value["reference_image_urls"] = as_strings(element.references);
    }
    return value;
}

/// A field of the model, or the name that it probably has.
struct Place {
    const ModelField* field = nullptr;
    /// Empty when the model has none.
    std::string name{};
    /// The object that the field is in; empty at the top.
    std::string object{};
};

class FormMaker {
public:
    FormMaker(const Options& options, const Model* known, const std::string& id)
        : options_(options), known_(known), id_(id) {}

    FalForm make(const std::string& prompt) {
        put("--prompt", {"prompt", "text"}, [&](const ModelField*) { return prompt; });
        put_clips();
        put_pictures();
        put_list("--reference-audio", {"audio_urls", "audio_url"}, options_.reference_audio);
        put_elements();
        put_words();
        put_length();
        put_sound();
        if (!refused_.empty()) {
            refuse();
        }
        return std::move(form_);
    }

private:
    [[nodiscard]] bool is_open() const {
        return known_ == nullptr || known_->open_schema || options_.remote.skip_validation;
    }

    [[nodiscard]] Place place_for(Names names) const {
        for (const char* name : names) {
            const ModelField* field = known_ == nullptr ? nullptr : known_->field(name);
            if (field != nullptr) {
                return {field, name};
            }
        }
        if (const auto inside = place_in_object(*names.begin()); inside.field != nullptr) {
            return inside;
        }
        return is_open() ? Place{nullptr, *names.begin()} : Place{};
    }

    /// Some models keep their settings in an object.
    [[nodiscard]] Place place_in_object(std::string_view name) const {
        if (known_ == nullptr) {
            return {};
        }
        for (const ModelField& field : known_->fields) {
            const auto member = std::ranges::find(field.members, name, &ModelField::name);
            if (field.type == FieldType::object && member != field.members.end()) {
                return {&*member, member->name, field.name};
            }
        }
        return {};
    }

    template <class Value>
    std::string put(const char* option, Names names, const Value& value) {
        const Place place = place_for(names);
        if (place.name.empty()) {
            refused_.emplace_back(option);
        } else if (place.object.empty()) {
            form_.values[place.name] = value(place.field);
        } else {
            form_.values[place.object][place.name] = value(place.field);
        }
        return place.name;
    }

    void put_clips() {
        const auto& clips = options_.videos;
        if (clips.size() > 1) {
            put_list("--video", {"video_urls", "reference_video_urls", "video_url"}, clips);
        } else {
            put_list("--video", {"video_url", "video_urls", "input_video_url"}, clips);
        }
    }

    void put_pictures() {
        if (options_.image) {
            form_.image_field = put_list("--image",
                                         {"image_url", "start_image_url", "first_frame_url",
                                          "first_frame_image_url", "image_urls"},
                                         {*options_.image});
        }
        if (options_.image) {
            put_list("--reference-image", {"image_urls", "reference_image_urls"},
                     options_.reference_images);
        } else {
            put_list("--reference-image", {"image_urls", "reference_image_urls", "image_url"},
                     options_.reference_images);
        }
        if (options_.end_image) {
            put_list("--end-image", {"end_image_url", "tail_image_url", "last_frame_url"},
                     {*options_.end_image});
        }
    }

    /// Into a list, behind what is there, or into a field for one file.
    std::string put_list(const char* option, Names names, const std::vector<std::string>& files) {
        if (files.empty()) {
            return {};
        }
        const Place place = place_for(names);
        if (place.name.empty()) {
            refused_.emplace_back(option);
            return {};
        }
        const bool list = place.field != nullptr ? place.field->type == FieldType::array
                                                 : place.name.ends_with('s');
        if (!list && files.size() > 1) {
            throw Failure(id_ + " takes one file for " + option + ", and there are " +
                          std::to_string(files.size()));
        }
        Json& value = form_.values[place.name];
        if (!list) {
            value = files.front();
        }
        for (const std::string& file : list ? files : std::vector<std::string>{}) {
            value.push_back(file);
        }
        return place.name;
    }

    void put_elements() {
        if (options_.elements.empty()) {
            return;
        }
        put("--element", {"elements"}, [&](const ModelField*) {
            Json list = Json::array();
            for (const Element& element : options_.elements) {
                list.push_back(element_value(element));
            }
            return list;
        });
    }

    void put_word(const char* option, Names names, const std::optional<std::string>& word) {
        if (word) {
            put(option, names, [&](const ModelField* field) { return as_choice(field, *word); });
        }
    }

    void put_words() {
        put_word("--aspect-ratio", {"aspect_ratio"}, options_.aspect_ratio);
        put_word("--resolution", {"resolution"}, options_.resolution);
        put_word("--shot-type", {"shot_type"}, options_.shot_type);
        put_word("--preset", {"preset"}, options_.preset);
        if (options_.size) {
            put("--size", {"size", "video_size", "image_size"},
                [&](const ModelField* field) { return size_value(field, *options_.size); });
        }
        if (options_.fps) {
            put("--fps", {"fps", "frames_per_second"},
                [&](const ModelField*) { return *options_.fps; });
        }
        if (options_.seed) {
            put("--seed", {"seed"}, [&](const ModelField*) { return *options_.seed; });
        }
    }

    void put_length() {
        if (const auto seconds = wanted_seconds(options_)) {
            put(options_.seconds ? "--seconds" : "--duration", {"duration", "seconds"},
                [&](const ModelField* field) { return length_value(field, *seconds); });
        }
    }

    /// Models differ in what they do when nothing is said of the sound that they get.
    void put_sound() {
        const bool keeps_sound = known_ != nullptr && known_->field("keep_audio") != nullptr;
        if (keeps_sound || options_.keep_audio) {
            put("--keep-audio", {"keep_audio"},
                [&](const ModelField*) { return options_.keep_audio.value_or(true); });
        }
        if (options_.generate_audio) {
            put("--generate-audio", {"generate_audio"},
                [&](const ModelField*) { return *options_.generate_audio; });
        }
    }

    [[noreturn]] void refuse() const {
        std::string text = id_ + " has no field for";
        const char* separator = " ";
        for (const std::string& option : refused_) {
            text += separator + option;
            separator = ", ";
        }
        separator = "; it takes ";
        for (const ModelField& field : known_->fields) {
            text += separator + field.name;
            separator = ", ";
        }
        throw Failure(text);
    }

    const Options& options_;
    const Model* known_;
    const std::string& id_;
    FalForm form_{Json::object()};
    std::vector<std::string> refused_;
};

}  // namespace

const char* default_fal_model(const Options& options) noexcept {
    const bool one_clip = options.videos.size() == 1 && options.reference_audio.empty();
    if (one_clip || !options.elements.empty()) {
        return kDefaultClipModel;
    }
    const bool references = !options.videos.empty() || !options.reference_images.empty() ||
                            !options.reference_audio.empty();
    if (references) {
        return kReferenceModel;
    }
    return options.image || options.end_image ? kImageModel : kTextModel;
}

Model schema_for(const Model* known, const std::string& id) {
    Model schema;
    if (known != nullptr) {
        schema = *known;
    } else {
        schema.id = id;
        schema.open_schema = true;
    }
    if (schema.open_schema) {
        for (ModelField& field : usual_fields()) {
            if (schema.field(field.name) == nullptr) {
                schema.fields.push_back(std::move(field));
            }
        }
    }
    return schema;
}

FalForm fal_form(const Options& options, const std::string& prompt, const Model* known,
                 const std::string& id) {
    return FormMaker(options, known, id).make(prompt);
}

}  // namespace editprep::tools::generate_video
