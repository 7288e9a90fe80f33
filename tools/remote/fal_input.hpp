#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "editprep/transport/body_source.hpp"
#include "editprep/transport/fal.hpp"
#include "editprep/transport/model_registry.hpp"

/// A model's input with the files in it: small ones travel inside the JSON as data URIs, larger
/// ones are uploaded first.
namespace editprep::tools {

/// Files up to this size travel inline; fal advises uploads above a few hundred KB.
inline constexpr std::uint64_t kInlineLimitBytes = 256 << 10;

/// Whether files of another kind, or above their field's limit of size, are sent.
enum class UnfitFiles { refused, sent };

class FalInput {
public:
    /// @param values an object; members may be replaced by place()
    explicit FalInput(nlohmann::ordered_json values) : values_(std::move(values)) {}

    [[nodiscard]] const nlohmann::ordered_json& values() const noexcept { return values_; }

    /// What stands for a file in the input: a URL after an upload, else a token for its data URI.
    [[nodiscard]] std::string place(transport::FalClient& fal, const transport::Body& content,
                                    const transport::FalUploadOptions& options,
                                    std::uint64_t inline_limit_bytes = kInlineLimitBytes);

    void set(const std::string& field, nlohmann::ordered_json value) {
        values_[field] = std::move(value);
    }

    /// What the progress of uploads goes to: asked for each file, by its name.
    using WatchUpload =
        std::function<std::function<void(const transport::Progress&)>(const std::string& name)>;
    void watch_uploads(WatchUpload watch) { watch_upload_ = std::move(watch); }

    /// Replaces texts in the model's file fields that name a file by what place() gives. Texts that
    /// name none stay, validate_input judges them. Throws Failure for a file of another kind or
    /// above the field's size limit. `model` may be null: then nothing is replaced.
    void place_local_files(transport::FalClient& fal, const transport::Model* model,
                           std::uint64_t inline_limit_bytes = kInlineLimitBytes,
                           UnfitFiles unfit = UnfitFiles::refused);

    /// Every text in the model's file fields that names a file, in the order of the fields; members
    /// of objects and lists too. `model` may be null: then there is none.
    void visit_local_files(const transport::Model* model,
                           const std::function<void(const transport::ModelField& field,
                                                    const std::string& path)>& visit) const;

    /// For a dry run: the same without sending anything. What would be uploaded is named instead.
    void describe_local_files(const transport::Model* model,
                              std::uint64_t inline_limit_bytes = kInlineLimitBytes,
                              UnfitFiles unfit = UnfitFiles::refused);

    /// The values as validate_input is to see them before anything is uploaded: data URIs without
    /// their content in the place of files. Those of clips have no type: check_clips judges what
    /// is in them, and tells more.
    [[nodiscard]] std::string json_to_validate(const transport::Model* model) const;

    /// What is sent.
    [[nodiscard]] transport::Body body() const;

    /// What may be stored and shown: every inline file as its media type, size and, up to 16 MiB,
    /// SHA-256.
    [[nodiscard]] std::string redacted_json() const;

private:
    [[nodiscard]] std::string keep_inline(const transport::Body& content,
                                          const std::string& media_type);

    nlohmann::ordered_json values_;
    std::vector<transport::InlineFile> files_;
    WatchUpload watch_upload_{};
};

}  // namespace editprep::tools
