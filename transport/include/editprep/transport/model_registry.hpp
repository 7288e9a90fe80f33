#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/transport/mask_convention.hpp"

/// What hosted models accept: descriptors in JSON (transport/models), compiled in, and a user's
/// own.
namespace editprep::transport {

enum class FieldType { text, integer, number, boolean, object, array };
enum class FileKind { none, image, video, audio };

/// One input of a model. Limits that are not stated are absent.
struct ModelField {
    std::string name;
    /// An object with choices may be one of these words instead, such as an image size.
    FieldType type = FieldType::text;
    /// Of an array's members.
    FieldType item_type = FieldType::text;
    bool required = false;
    std::string description{};
    /// As JSON text; empty when unknown.
    std::string default_json{};
    /// The words that are accepted, where only some are.
    std::vector<std::string> choices{};
    std::optional<double> minimum{};
    std::optional<double> maximum{};
    std::optional<std::size_t> min_items{};
    std::optional<std::size_t> max_items{};
    std::optional<std::size_t> max_length{};
    /// What the URL or data URI (or each member of the array) must lead to.
    FileKind file = FileKind::none;
    /// Of files, with their dots: `.mp4`.
    std::vector<std::string> formats{};
    std::optional<double> max_mb{};
    std::optional<int> min_px{};
    std::optional<int> max_px{};
    /// Width times height.
    std::optional<std::int64_t> min_pixels{};
    std::optional<std::int64_t> max_pixels{};
    std::optional<double> min_seconds{};
    std::optional<double> max_seconds{};
    std::optional<double> min_fps{};
    std::optional<double> max_fps{};
    /// Width through height.
    std::optional<double> min_aspect{};
    std::optional<double> max_aspect{};
    /// Of all files of an array together.
    std::optional<double> min_total_seconds{};
    std::optional<double> max_total_seconds{};
    std::optional<double> max_total_mb{};
    /// Of an object, or of each object in an array; empty when they are not known.
    std::vector<ModelField> members{};

    /// True where files go in, be it in a member.
    [[nodiscard]] bool holds_files() const noexcept;
};

/// A maximum for several array fields together, such as elements and images.
struct JointLimit {
    std::vector<std::string> fields;
    std::size_t max_items = 0;
};

/// A field that is accepted only beside one of others, such as sound beside a picture.
struct RequiredCompany {
    std::string field;
    /// One of these at least must be given too.
    std::vector<std::string> any_of;
};

/// How a prompt speaks of an attachment: `@Image2` is the second of `image_urls`.
struct PromptToken {
    std::string token;
    std::string field;
};

/// Where a masked edit puts its picture and its mask.
struct EditFields {
    std::string image;
    /// Empty when the model takes no mask.
    std::string mask{};
    MaskConvention mask_convention = MaskConvention::white_edits;
};

/// Two sides in pixels, or the two numbers of a ratio.
struct PixelSize {
    int width = 0;
    int height = 0;
    friend constexpr bool operator==(const PixelSize&, const PixelSize&) = default;
};

/// The pictures that a model edits best, or that alone it gives back. Limits that are not stated
/// are absent.
struct PreferredSize {
    /// The field that asks for the answer's size; empty when there is none.
    std::string field{};
    /// The words of that field that are sizes: the only ones, where there are any.
    std::vector<PixelSize> sizes{};
    /// The field that asks for the answer's shape; empty when there is none.
    std::string aspect_field{};
    /// Its words that are ratios: the only ones, where there are any.
    std::vector<PixelSize> aspects{};
    /// About so many, where several sizes would do.
    std::optional<std::int64_t> pixels{};
    std::optional<std::int64_t> min_pixels{};
    std::optional<std::int64_t> max_pixels{};
    /// Of each side.
    std::optional<int> multiple_of{};
    std::optional<int> min_px{};
    std::optional<int> max_px{};
    /// Width through height.
    std::optional<double> min_aspect{};
    std::optional<double> max_aspect{};
};

/// What one call costs, as far as it was known on a day.
struct ModelPrice {
    /// `image`, `megapixel`, `second`, `call`.
    std::string unit;
    /// Of one unit; absent when only the unit is known.
    std::optional<double> usd{};
    /// The field that says how many units one call makes, such as num_images; may be empty.
    std::string quantity_field{};
    /// The field whose word multiplies the price, such as resolution; may be empty. Under a word
    /// that is not listed the price is not known.
    std::string factor_field{};
    std::map<std::string, double> factors{};
    std::string source;
    /// YYYY-MM-DD.
    std::string date;
};

struct Model {
    std::string id;
    std::string title;
    /// `fal` or `openai`: whose protocol it speaks.
    std::string provider = "fal";
    /// `image`, `edit`, `inpaint`, `outpaint`, `upscale`, `cutout`, `video`, `audio`.
    std::string category;
    std::vector<ModelField> fields;
    /// Accept keys that are not among the fields, because the schema is known to be incomplete.
    bool open_schema = false;
    std::vector<JointLimit> joint_limits{};
    std::vector<RequiredCompany> required_company{};
    std::vector<PromptToken> prompt_tokens{};
    std::optional<EditFields> edit{};
    std::optional<PreferredSize> preferred_size{};
    /// Where results are in the answer: `images[]`, `video`.
    std::vector<std::string> output{};
    std::vector<std::string> notes{};
    std::optional<ModelPrice> price{};
    /// Where this was read, and when (YYYY-MM-DD).
    std::string source;
    std::string date;

    [[nodiscard]] const ModelField* field(std::string_view name) const noexcept;
};

class ModelRegistry {
public:
    /// The descriptors of transport/models; a copy of what is read once. Several threads may ask.
    [[nodiscard]] static ModelRegistry built_in();

    /// The same where one of them is asked for: that one alone if it can be read without the
    /// others, which takes a twentieth of the time, else all.
    [[nodiscard]] static ModelRegistry built_in(std::string_view id);

    /// Adds the descriptors of a file in the same form; one with a known id takes its place. Throws
    /// read_failed or invalid_model, naming file, model and member; unknown members are refused.
    void add_file(const std::string& path);
    /// @param origin what messages call the text
    void add_text(std::string_view json, const std::string& origin);

    [[nodiscard]] const Model* find(std::string_view id) const noexcept;
    /// In the order of the files, those that the contract names first.
    [[nodiscard]] const std::vector<Model>& models() const noexcept { return models_; }
    /// The known id that is most like this one, for a message; empty when none is.
    [[nodiscard]] std::string nearest_id(std::string_view id) const;

private:
    std::vector<Model> models_;
};

struct Validation {
    /// In the order of the contract's section 16.5, then what it did not check.
    std::vector<std::string> errors;
    /// A model's notes among them, as `Note: <text>`.
    std::vector<std::string> warnings;
};

/// Holds an input (a JSON object) against a model: required and empty fields, types, choices,
/// ranges, counts, unknown keys with a suggestion, URLs. `model` may be null: nothing is known of
/// it, and the one warning says so. Throws invalid_json unless `input_json` is an object.
[[nodiscard]] Validation validate_input(const Model* model, std::string_view model_id,
                                        std::string_view input_json);

struct PriceEstimate {
    double usd = 0;
    double units = 0;
    std::string unit;
    std::string basis;
};

/// From the registry alone; nothing when the model has no price or the input does not tell how many
/// units it makes.
[[nodiscard]] std::optional<PriceEstimate> estimate_price(const Model& model,
                                                          std::string_view input_json);

/// A field that a price depends on, and an input that would tell enough of it.
struct UnpricedField {
    std::string name;
    /// JSON, such as `{"image_size": {"width": 1024, "height": 1024}}`.
    std::string example;
};

/// The first field that keeps a call from being counted; nothing when none does, or when the
/// registry does not know how the model's calls are counted.
[[nodiscard]] std::optional<UnpricedField> unpriced_field(const Model& model,
                                                          std::string_view input_json);

/// The model's entry as fal_client's model-info prints it (contract, section 16.4), as JSON text.
[[nodiscard]] std::string describe_model(const Model& model);

/// The candidate that is at most two edits away from the word, for "did you mean"; else empty.
[[nodiscard]] std::string nearest_word(std::string_view word,
                                       std::span<const std::string> candidates);

}  // namespace editprep::transport
